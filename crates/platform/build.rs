//! The migrations are embedded by a macro, which does not notice a new folder of them.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
