use std::process::ExitCode;

fn main() -> ExitCode {
    roster::cli::run(std::env::args_os())
}
