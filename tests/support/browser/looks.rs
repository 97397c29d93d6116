//! How a page looks.

use super::{Browser, Script, Theme};

impl Browser {
    /// Nobody is kept out, nothing is wider than the window, and there is a picture of it in both themes; without script a
    /// picture alone.
    pub fn looks_well(&self, name: &str) {
        if self.script == Script::Off {
            self.screenshot(name);
            return;
        }
        self.keeps_nobody_out();
        let too_wide = "return document.documentElement.scrollWidth > innerWidth";
        assert_eq!(self.run(too_wide), false, "{name} is wider than the window");
        for (theme, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
            self.prefers(theme);
            self.screenshot(&format!("{name}-{word}"));
        }
    }
}
