//! The whole answer as JSON.

use std::io::{self, BufWriter, Write};

use crate::answer::Answer;

/// Prints the answer to standard output.
pub fn print(answer: &Answer) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, answer)?;
    out.write_all(b"\n")?;
    out.flush()
}
