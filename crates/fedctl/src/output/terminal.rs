//! What is known of the terminal that people read?

/// How wide the output may be, and whether it may have colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// How many columns there are.
    pub width: usize,
}

/// What a terminal has at least, and what is taken where nothing is known.
const WIDTH: usize = 80;

/// Longer lines are hard to read, however wide the terminal is.
const WIDEST: usize = 120;

impl Terminal {
    /// The terminal of standard output. `COLUMNS` tells its width where the shell exports it.
    pub fn detect() -> Self {
        let told = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        Self {
            width: told.unwrap_or(WIDTH).clamp(WIDTH, WIDEST),
        }
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self { width: WIDTH }
    }
}
