//! Nothing here: the examples stand beside this file, one folder each.
