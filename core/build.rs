//! Links lexbor, which `build` has compiled.

fn main() {
    let object = format!("{}/lexbor.o", std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    println!("cargo:rerun-if-changed={object}");
    println!("cargo:rustc-link-arg-cdylib={object}");
}
