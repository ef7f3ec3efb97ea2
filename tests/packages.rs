//! The packages this one is built of: their licenses, and that there is one version of each.
//! Looked up in what cargo has fetched already, so no network is needed.
#![cfg(feature = "cli")]
#![expect(clippy::disallowed_methods, reason = "the test asks cargo")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use spdx::{Expression, ParseMode};

/// Licenses that go together with `MIT OR Apache-2.0`: they ask for no more than to be named.
const COMPATIBLE: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// Packages that come in more than one version, and why that cannot be helped here.
const SEVERAL: [(&str, &str); 3] = [
    ("foldhash", "the interpreter of maps keeps the older one"),
    ("getrandom", "tests only: the validator of schemas keeps an older one"),
    ("syn", "at build time only: macros move to the newer one in their own time"),
];

/// A package that this one is built of on this machine, tests included.
struct Package {
    name: String,
    version: String,
    license: String,
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p}\t{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines: BTreeSet<String> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    assert!(lines.len() > 100, "{lines:?}");
    let package = |line: &String| {
        let (package, license) = line.split_once('\t')?;
        let mut words = package.split(' ');
        let (name, version) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Package { name, version, license: license.to_owned() })
    };
    lines.iter().map(|line| package(line).unwrap_or_else(|| panic!("{line}"))).collect()
}

#[test]
fn every_license_goes_together_with_ours() {
    for Package { name, license, .. } in packages() {
        let expression = Expression::parse_mode(&license, ParseMode::LAX);
        let expression = expression.unwrap_or_else(|error| panic!("{name}: {license:?}: {error}"));
        let allowed = |wanted: &spdx::LicenseReq| wanted.license.id().is_some_and(|id| COMPATIBLE.contains(&id.name));
        assert!(expression.evaluate(allowed), "{name} has the license {license}; allowed: {COMPATIBLE:?}");
    }
}

#[test]
fn no_package_comes_in_two_versions_without_a_reason() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Package { name, version, .. } in packages() {
        versions.entry(name).or_default().insert(version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let names: Vec<&str> = versions.keys().map(String::as_str).collect();
    assert_eq!(names, SEVERAL.map(|(name, _)| name), "{versions:?}");
}
