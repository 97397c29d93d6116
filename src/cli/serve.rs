//! `roster serve`: the console itself, until it is told to stop.

use std::{io::Write, sync::Arc};

use tokio::signal::unix::{SignalKind, signal};

use super::Outcome;
use crate::{
    base::clock::SystemClock,
    console::{self, Console, Handle},
    settings::Settings,
};

pub fn run(settings: Settings) -> Outcome {
    super::begin(&settings)?;
    console::block_on(async {
        let console = Console::build(settings, Arc::new(SystemClock)).await?;
        tokio::spawn(stop_when_told(console.handle())?);
        tracing::info!(address = %console.address(), "listening");
        if let Some(link) = console.setup_link() {
            let mut out = std::io::stdout();
            writeln!(out, "Set up Roster at this address, which works once: {link}")?;
            out.flush()?;
        }
        console.run().await?;
        tracing::info!("stopped");
        Ok(())
    })
}

/// SIGTERM from whoever supervises, SIGINT from the keyboard.
fn stop_when_told(handle: Handle) -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
        tracing::info!("stopping: requests under way are finished first");
        handle.stop();
    })
}
