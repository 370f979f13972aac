//! Does reading always end, without a panic, whatever the bytes?

use proptest::prelude::*;

use super::super::{Input, read};

const MANIFESTS: [&str; 3] = [
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a, <<: &x {y: *z}}\nstringData:\n  a: |+\n    b\n---\n%TAG ! x\n",
    "{\"a\": [1, 2e5, \"\\u00e9\"], \"b\": {\"c\": null}}\n{\"d\": 0x1F}\r\n--- # c\n- ? &a x\n  : *a\n- !!binary aGk=\n",
    "a: &a [1, 2]\nb:\n  <<: [{c: *a}, {d: yes}]\n  e: >-\n    f\n\n    g\n  \"h\": 'i'\n...\n# end\n",
];

fn read_bytes(bytes: &[u8]) -> Input {
    read(&["-".to_owned()], &mut &*bytes)
}

/// Asks everything there is to ask, to see that nothing panics.
fn explore(input: &Input) {
    for document in &input.documents {
        let mut pending = vec![(fed_core::Pointer::root(), document.value())];
        while let Some((pointer, value)) = pending.pop() {
            let place = document.place(pointer.as_str());
            assert!(document.file.text.get(place.value).is_some());
            assert!(
                place
                    .key
                    .is_none_or(|key| document.file.text.get(key).is_some())
            );
            document.source_line(pointer.as_str());
            let object = value.as_object().into_iter().flatten();
            pending.extend(object.map(|(key, value)| (pointer.child(key), value)));
            let items = value.as_array().into_iter().flatten().enumerate();
            pending.extend(items.map(|(index, value)| (pointer.child(index), value)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        explore(&read_bytes(&bytes));
    }

    #[test]
    fn any_text_of_yaml_signs(text in "[-:?,\\[\\]{}#&*!|>'\"%@` \n\r\ta0<é\u{feff}~.]{0,60}") {
        explore(&read_bytes(text.as_bytes()));
    }

    #[test]
    fn mutated_manifests(
        which in 0..MANIFESTS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, "[-:?,\\[\\]{}#&*!|>'\"\n\r\t a0<é]{0,3}"), 1..6),
    ) {
        let mut text: Vec<char> = MANIFESTS[which].chars().collect();
        for (at, cut, insert) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + usize::from(cut)).min(text.len());
            text.splice(at..end, insert.chars());
        }
        let text: String = text.into_iter().collect();
        explore(&read_bytes(text.as_bytes()));
    }
}
