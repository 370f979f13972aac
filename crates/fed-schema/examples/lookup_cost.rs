//! What does a look-up cost? `cargo run --release -p fed-schema --example lookup_cost`

use std::hint::black_box;
use std::time::{Duration, Instant};

use fed_schema::{Kind, Schemas, Type};

const ROUNDS: u32 = 200_000;

fn main() {
    let start = Instant::now();
    let schemas = Schemas::builtin();
    let index = start.elapsed();
    let first = |group, version, kind| {
        let start = Instant::now();
        black_box(schemas.kind(group, version, kind).map(Kind::root));
        start.elapsed()
    };
    println!("the kinds: {index:?}");
    println!(
        "the first look-up in apps/v1: {:?}",
        first("apps", "v1", "Deployment")
    );
    println!("the first look-up in v1: {:?}", first("", "v1", "Pod"));
    let root = schemas.kind("apps", "v1", "Deployment").map(Kind::root);
    let container = root.and_then(|root| root.at("/spec/template/spec/containers/0"));
    let costs = [
        ("a kind", each(|| schemas.kind("apps", "v1", "Deployment"))),
        (
            "a kind's type",
            each(|| schemas.kind("apps", "v1", "Deployment").map(Kind::root)),
        ),
        (
            "a field of a type",
            each(|| container.and_then(|container| container.field("image"))),
        ),
        ("its shape", each(|| container.map(Type::shape))),
        (
            "a path of six segments",
            each(|| root.and_then(|root| root.at("/spec/template/spec/containers/0/image"))),
        ),
        (
            "a resource",
            each(|| schemas.resource("apps", "deployments")),
        ),
    ];
    for (what, cost) in costs {
        println!("{what}: {cost:?}");
    }
}

fn each<T>(look_up: impl Fn() -> T) -> Duration {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        black_box(look_up());
    }
    start.elapsed() / ROUNDS
}
