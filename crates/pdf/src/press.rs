//! The typesetter: fonts and layout, loaded once, and nothing else of this machine.

use std::sync::LazyLock;

use typst::comemo;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook, is_default_ignorable};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::{Error, clusters};

/// The family of the page; the others only lend it the scripts it does not have.
const MAIN_FAMILY: &str = "Noto Sans";

/// What may be printed as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repertoire {
    /// Whatever an embedded font has.
    Everything,
    /// What the main family has: Latin, Greek and Cyrillic.
    European,
}

/// The fonts and the layout. Made once, since reading twenty fonts takes longer than a page.
pub(crate) struct Press {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    /// The main family first.
    families: Vec<Family>,
    layout: Source,
}

/// The faces of one font family.
struct Family {
    name: String,
    faces: Vec<Font>,
}

impl Family {
    /// Whether every face has all characters of a cluster. Every face, because bold text must not
    /// be refused after regular text was let pass.
    fn has(&self, cluster: &str) -> bool {
        let shown = |c: &char| !is_default_ignorable(*c);
        self.faces.iter().all(|face| {
            let coverage = &face.info().coverage;
            cluster
                .chars()
                .filter(shown)
                .all(|c| coverage.contains(u32::from(c)))
        })
    }
}

impl Press {
    /// The one press of the program.
    pub(crate) fn get() -> Result<&'static Self, Error> {
        static PRESS: LazyLock<Option<Press>> = LazyLock::new(|| Press::load(assets::FONTS));
        PRESS.as_ref().ok_or(Error::Fonts)
    }

    fn load(files: &[&'static [u8]]) -> Option<Self> {
        let mut fonts = Vec::new();
        let mut families: Vec<Family> = Vec::new();
        for file in files {
            let font = Font::new(Bytes::new(*file), 0)?;
            let name = &font.info().family;
            match families.iter_mut().find(|family| family.name == *name) {
                Some(family) => family.faces.push(font.clone()),
                None => {
                    families.push(Family {
                        name: name.clone(),
                        faces: vec![font.clone()],
                    });
                }
            }
            fonts.push(font);
        }
        families.sort_by_key(|family| family.name != MAIN_FAMILY);
        families
            .first()
            .filter(|family| family.name == MAIN_FAMILY)?;
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Some(Self {
            fonts,
            book,
            families,
            layout: Source::detached(include_str!("form.typ")),
        })
    }

    /// The families in the order in which they are asked for a character.
    pub(crate) fn families(&self) -> impl Iterator<Item = &str> {
        self.families.iter().map(|family| family.name.as_str())
    }

    /// Whether a cluster (what people call one character) can be printed. One family must have all
    /// of it: marks are not put onto the letter of another font.
    pub(crate) fn covers(&self, cluster: &str, repertoire: Repertoire) -> bool {
        let asked = match repertoire {
            Repertoire::Everything => self.families.len(),
            Repertoire::European => 1,
        };
        self.families
            .iter()
            .take(asked)
            .any(|family| family.has(cluster))
    }

    /// Lays the inputs out and exports them.
    pub(crate) fn print(&self, inputs: Dict) -> Result<Vec<u8>, Error> {
        let library = LazyHash::new(Library::builder().with_inputs(inputs).build());
        let result = typeset(&Sheet {
            press: self,
            library,
        });
        // Typst remembers results between calls, and with them the texts of people.
        comemo::evict(0);
        result
    }
}

/// Lays out and exports. Warnings are errors: the likeliest, an unknown font, gives empty pages.
fn typeset(sheet: &Sheet<'_>) -> Result<Vec<u8>, Error> {
    let laid = typst::compile::<PagedDocument>(sheet);
    let pages = laid.output.map_err(|errors| Error::Layout(said(&errors)))?;
    if !laid.warnings.is_empty() {
        return Err(Error::Layout(said(&laid.warnings)));
    }
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| Error::Export(error.message().to_string()))?;
    let options = PdfOptions {
        // The file says nothing about the program that made it.
        creator: Smart::Custom(None),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&clusters::rejoin(&pages), &options)
        .map_err(|errors| Error::Export(said(&errors)))
}

/// What typst complains of, without the text it quotes: that text may be a person's name.
pub(crate) fn said(diagnostics: &[SourceDiagnostic]) -> String {
    let messages: Vec<&str> = diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.message.split(['`', '"']).next())
        .map(str::trim_end)
        .collect();
    messages.join("; ")
}

/// What the layout of one document may see: its inputs, the fonts, and nothing else.
struct Sheet<'a> {
    press: &'a Press,
    library: LazyHash<Library>,
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.layout.id() {
            Ok(self.press.layout.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    /// None: the date of a document is part of the document.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
