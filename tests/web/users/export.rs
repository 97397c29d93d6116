//! The list as CSV.

use reqwest::StatusCode;
use roster::people::Status;

use super::{Resident, USERS, group_id, lines, member, settle};
use crate::support::on_both;
use crate::support::world::World;

on_both!(
    the_export_is_the_filtered_list_with_its_headings,
    cells_that_a_spreadsheet_would_run_are_defused,
    a_long_list_is_exported_whole,
    an_export_is_written_into_the_audit,
);

fn read(body: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(body.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        ["name", "email", "status", "groups", "second_factor", "created", "last_active"]
    );
    reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn the_export_is_the_filtered_list_with_its_headings(world: World) {
    let ada = world.administrator();
    let groups = vec![group_id(&world, "read"), group_id(&world, "metrics")];
    settle(
        &world,
        &[
            Resident {
                groups,
                second_factor: "app",
                ..Resident::new("zoe@example.com", "Zoë \"Z\" O'Neil, Dr.")
            },
            Resident { status: Status::Deactivated, ..Resident::new("ken@example.com", "Ken") },
        ],
    );
    let page = ada.get(ada.opens(&format!("{USERS}?status=active&sort=-person")).link("Export").as_str());
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/csv; charset=utf-8"));
    assert_eq!(page.headers["content-disposition"], "attachment; filename=\"users.csv\"");
    let lines = read(&page.body);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0][..5], ["Zoë \"Z\" O'Neil, Dr.", "zoe@example.com", "active", "read; metrics", "app"]);
    assert!(lines[0][6].ends_with('Z'));
    assert_eq!(lines[1][1], "ada@example.com");
}

fn cells_that_a_spreadsheet_would_run_are_defused(world: World) {
    let ada = world.administrator();
    let formulas = ["=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)"];
    let people: Vec<_> = formulas
        .iter()
        .enumerate()
        .map(|(nth, name)| Resident::new(format!("p{nth}@example.com"), name))
        .collect();
    settle(&world, &people);
    let lines = read(&ada.get(&format!("{USERS}.csv")).body);
    for formula in formulas {
        assert!(lines.iter().any(|line| line[0] == format!("'{formula}")), "{formula}: {lines:?}");
    }
    assert!(lines.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
}

fn a_long_list_is_exported_whole(world: World) {
    let ada = world.administrator();
    let people: Vec<_> = (0..1_300).map(|nth| Resident::new(format!("p{nth}@example.com"), "Ken")).collect();
    settle(&world, &people);
    let lines = read(&ada.get(&format!("{USERS}.csv")).body);
    let addresses: std::collections::BTreeSet<_> = lines.iter().map(|line| line[1].clone()).collect();
    assert_eq!((lines.len(), addresses.len()), (1_301, 1_301));
}

fn an_export_is_written_into_the_audit(world: World) {
    let ada = world.administrator();
    let before = lines(&world, "iam.users.read");
    ada.get(&format!("{USERS}.csv?q=ada"));
    assert_eq!(lines(&world, "iam.users.read"), before + 1);
    let nobody = member(&world, "n@example.com", "No Body", &[]);
    assert_eq!(nobody.get(&format!("{USERS}.csv")).status, StatusCode::FORBIDDEN);
    assert_eq!(lines(&world, "iam.users.read"), before + 1);
}
