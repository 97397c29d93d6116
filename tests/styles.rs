//! Reads styles, templates and assets as they lie in the repository, and says when they have come apart.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn files_below(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// What stands between each `before` and the next `after`.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

/// The template without its comments and without what askama fills in.
fn words_of_markup(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).map_or(text.len(), |at| start + at + close.len());
            text.replace_range(start..end, " ");
        }
    }
    text
}

#[test]
fn the_stylesheet_is_made_from_the_styles_that_are_here() {
    let mut inputs = Sha256::new();
    inputs.update(read("package.json"));
    for style in files_below("styles", ".css") {
        inputs.update(fs::read(style).unwrap());
    }
    let expected: String = inputs.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let sheet = read("static/console.css");
    assert!(sheet.lines().next().unwrap().contains(&expected), "static/console.css is stale: run `make css`");
}

/// In kB of a thousand bytes, as they go over the wire; the page itself has what is left of sixty.
#[test]
fn a_first_visit_leaves_room_for_the_page() {
    let mut total =
        fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/geist.woff2")).unwrap().len();
    for name in ["console.css", "console.js", "htmx.min.js", "favicon.svg"] {
        let mut packed = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
        brotli::BrotliCompress(&mut read(&format!("static/{name}")).as_bytes(), &mut packed, &parameters)
            .unwrap();
        total += packed.len() as u64;
    }
    assert!(total < 52_000, "the assets of a first visit weigh {total} bytes");
    assert!(read("static/console.js").len() <= 9_000, "static/console.js outgrows its nine kilobytes");
}

#[test]
fn every_class_in_a_template_is_styled() {
    let sheet = read("static/console.css").replace('\\', "");
    let mut unknown = BTreeSet::new();
    for path in
        files_below("templates", ".html").iter().filter(|path| !path.to_string_lossy().contains("/mail/"))
    {
        let markup = words_of_markup(&fs::read_to_string(path).unwrap());
        for class in between(&markup, "class=\"", "\"").flat_map(str::split_whitespace) {
            let selector = format!(".{class}");
            let styled = sheet.match_indices(&selector).any(|(at, name)| {
                !sheet[at + name.len()..]
                    .starts_with(|next: char| next.is_alphanumeric() || next == '-' || next == '_')
            });
            if !styled {
                unknown.insert(format!("{class} ({})", path.display()));
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "no style for {unknown:#?}\nUse a class of styles/*.css, add one there, or name a layout class in styles/console.css; then `make css`."
    );
}

#[test]
fn every_icon_in_a_template_is_drawn() {
    let shapes = read("templates/parts/icon.html");
    let drawn: BTreeSet<&str> = between(&shapes, "when \"", "\"").collect();
    for path in files_below("templates", ".html") {
        let template = fs::read_to_string(&path).unwrap();
        for name in between(&template, "icon(\"", "\"") {
            assert!(
                drawn.contains(name),
                "{} asks for the icon {name}, which templates/parts/icon.html lacks",
                path.display()
            );
        }
    }
}

#[test]
fn no_template_brings_script_or_style_of_its_own() {
    for path in
        files_below("templates", ".html").iter().filter(|path| !path.to_string_lossy().contains("/mail/"))
    {
        let markup = words_of_markup(&fs::read_to_string(path).unwrap());
        for forbidden in [
            "<style",
            " style=",
            "hx-on",
            "javascript:",
            "js:",
            " onclick",
            " onchange",
            " onsubmit",
            "<script>",
        ] {
            assert!(
                !markup.contains(forbidden),
                "{} has {forbidden}, which the Content-Security-Policy refuses",
                path.display()
            );
        }
        assert!(
            !fs::read_to_string(path).unwrap().replace(' ', "").contains("|safe"),
            "{} has |safe",
            path.display()
        );
    }
}
