//! How many instructions does a division take? Counted by valgrind, where there is one: a program
//! that divides is run twice, with more divisions the second time.

use std::path::Path;
use std::process::Command;

use crate::division::{Division, KINDS};

/// What a program has to be called with, to divide and do nothing else.
pub const ONLY_DIVIDE: &str = "--only-divide";

const TIMES: u32 = 10;

/// The instructions of one division; `None` where nothing can count them. The program is one that
/// hands its arguments to [`only_divide`].
pub fn counted(program: &Path, division: &Division) -> Option<f64> {
    let once = run(program, division, 1)?;
    let often = run(program, division, 1 + TIMES)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "far less than 2^52 instructions"
    )]
    let more = often.saturating_sub(once) as f64;
    Some(more / f64::from(TIMES))
}

fn run(program: &Path, division: &Division, times: u32) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no"])
        .arg("--cachegrind-out-file=/dev/null")
        .arg(program)
        .args([ONLY_DIVIDE, &division.kind.name()])
        .args([division.clusters.to_string(), division.asked.to_string()])
        .arg(times.to_string())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    instructions(&String::from_utf8_lossy(&output.stderr))
}

/// The number in the line that valgrind ends with: `==7== I   refs:      1,234`.
fn instructions(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("refs:"))?;
    let (_, number) = line.rsplit_once(':')?;
    number.trim().replace(',', "").parse().ok()
}

/// Divides as the arguments after [`ONLY_DIVIDE`] say: a kind, the clusters, the replicas and how
/// many times.
pub fn only_divide(arguments: &[String]) -> Result<(), String> {
    let [kind, clusters, total, times] = arguments else {
        return Err(format!("{ONLY_DIVIDE} needs a kind and three numbers"));
    };
    let wrong = |error| format!("{ONLY_DIVIDE}: {error}");
    let kind = KINDS.into_iter().find(|one| one.name() == *kind);
    let kind = kind.ok_or_else(|| wrong("there is no such kind".to_owned()))?;
    let clusters = clusters
        .parse()
        .map_err(|error| wrong(format!("{error}")))?;
    let total = total.parse().map_err(|error| wrong(format!("{error}")))?;
    let times: u32 = times.parse().map_err(|error| wrong(format!("{error}")))?;
    let division = Division::new(kind, clusters, total);
    for _ in 0..times {
        std::hint::black_box(std::hint::black_box(&division).run());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_instructions_is_read() {
        let text = "==7== Cachegrind\n==7== \n==7== I   refs:      1,234,567\n";
        assert_eq!(instructions(text), Some(1_234_567));
        assert_eq!(instructions("==7== no such tool"), None);
    }

    #[test]
    fn only_what_there_is_can_be_divided() {
        let arguments = |kind: &str| [kind, "3", "9", "1"].map(str::to_owned);
        assert_eq!(only_divide(&arguments("native/weights")), Ok(()));
        assert!(only_divide(&arguments("native/none")).is_err());
        assert!(only_divide(&arguments("native/weights")[1..]).is_err());
    }
}
