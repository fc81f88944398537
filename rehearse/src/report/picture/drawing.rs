//! Draws a diagram as SVG.

use super::rows::{Bar, Diagram, Kind, Row};
use anyhow::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

/// Where the first lane stands, after the times.
const LEFT: usize = 96;
/// How far lanes are apart.
const LANE: usize = 184;
/// Where the rows begin, below the names.
const TOP: usize = 64;
/// How high a line of text is.
const TEXT: usize = 15;
/// How much room a row has beyond its text.
const GAP: usize = 13;
/// How wide ten letters are, about.
const LETTERS: usize = 65;
/// What the bars mean.
const LEGEND: &str = "Bars tell whom a caller hears, and who is in the conference.";
/// How wide a bar is.
const BAR: usize = 5;

/// The colours of the callers: dark enough for light ground, light enough for dark.
const COLOURS: &[&str] =
    &["#e8590c", "#1c7ed6", "#2f9e44", "#ae3ec9", "#c2255c", "#0c8599", "#a97500", "#5f5fd0"];

const STYLE: &str = "
svg { color-scheme: light dark; }
.ground { fill: #ffffff; }
text { fill: #1f2328; font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
.name { font-weight: 600; font-size: 13px; }
.time, .aside { fill: #59636e; }
.wrong { fill: #cf222e; }
.lane { stroke: #d1d9e0; stroke-width: 1; }
.arrow { stroke: #59636e; stroke-width: 1.3; fill: none; }
.answer { stroke-dasharray: 5 3; }
.wrong-arrow { stroke: #cf222e; }
.head { fill: #59636e; }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117; }
  text { fill: #e6edf3; }
  .time, .aside { fill: #9198a1; }
  .wrong { fill: #ff7b72; }
  .lane { stroke: #30363d; }
  .arrow { stroke: #9198a1; }
  .wrong-arrow { stroke: #ff7b72; }
  .head { fill: #9198a1; }
}
";

type Attributes<'a> = &'a [(&'a str, String)];

/// Draws it.
pub fn draw(diagram: &Diagram) -> Result<String> {
    let mut drawing = Drawing { svg: Writer::new_with_indent(Vec::new(), b' ', 2) };
    let texts: Vec<Vec<String>> = diagram.rows.iter().map(lines).collect();
    let mut bottoms = vec![TOP];
    for text in &texts {
        let last = bottoms.last().copied().unwrap_or(TOP);
        bottoms.push(last + text.len() * TEXT + GAP);
    }
    let end = bottoms.last().copied().unwrap_or(TOP);
    let bottom = end + 2 * TEXT + GAP;
    let width = lane(diagram.lanes.len().saturating_sub(1)) + LANE / 2 + 8;
    drawing.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg".into()),
            ("viewBox", format!("0 0 {width} {bottom}")),
            ("width", width.to_string()),
            ("height", bottom.to_string()),
            ("role", "img".into()),
        ],
    )?;
    drawing.text("title", &[], &diagram.title)?;
    drawing.text("style", &[], STYLE)?;
    let ground =
        [("class", "ground".into()), ("width", "100%".into()), ("height", "100%".into()), ("rx", "8".into())];
    drawing.empty("rect", &ground)?;
    for (place, name) in diagram.lanes.iter().enumerate() {
        drawing.lane(diagram, place, name, end)?;
    }
    for bar in &diagram.bars {
        drawing.bar(diagram, bar, &bottoms)?;
    }
    let mut time = "";
    for (row, (text, top)) in diagram.rows.iter().zip(texts.iter().zip(&bottoms)) {
        if row.time != time {
            time = &row.time;
            drawing.label("time", 8, top + text.len() * TEXT + 4, time)?;
        }
        drawing.row(row, text, *top, diagram)?;
    }
    drawing.label("aside", 8, bottom - GAP, LEGEND)?;
    drawing.close("svg")?;
    Ok(String::from_utf8(drawing.svg.into_inner())? + "\n")
}

/// The middle of a lane.
fn lane(place: usize) -> usize {
    LEFT + place * LANE
}

/// The text of a row, in lines that fit between its lanes.
fn lines(row: &Row) -> Vec<String> {
    let lanes = row.from.abs_diff(row.to).max(1);
    let letters = (lanes * LANE).min(2 * LANE).saturating_sub(24) * 10 / LETTERS;
    textwrap::wrap(&row.text, letters).into_iter().map(|line| line.into_owned()).collect()
}

fn colour(caller: usize) -> &'static str {
    COLOURS.get(caller % COLOURS.len()).copied().unwrap_or("#59636e")
}

struct Drawing {
    svg: Writer<Vec<u8>>,
}

impl Drawing {
    fn lane(&mut self, diagram: &Diagram, place: usize, name: &str, end: usize) -> Result<()> {
        let x = lane(place).to_string();
        self.empty(
            "line",
            &[
                ("class", "lane".into()),
                ("x1", x.clone()),
                ("x2", x.clone()),
                ("y1", "40".into()),
                ("y2", end.to_string()),
            ],
        )?;
        let mut attributes =
            vec![("class", "name".into()), ("x", x), ("y", "28".into()), ("text-anchor", "middle".into())];
        if place < diagram.callers {
            attributes.push(("style", format!("fill: {}", colour(place))));
        }
        self.text("text", &attributes, name)
    }

    /// A bar beside a lane, in the colour of the caller who is heard.
    fn bar(&mut self, diagram: &Diagram, bar: &Bar, bottoms: &[usize]) -> Result<()> {
        let y = |row: usize| bottoms.get(row).copied().unwrap_or(TOP) - GAP / 2;
        let (top, end) = (y(bar.begins), y(bar.ends).max(y(bar.begins) + BAR));
        // In a conference everybody has a place of their own; beside a caller the others have theirs.
        let place =
            if bar.lane < diagram.callers && bar.caller > bar.lane { bar.caller - 1 } else { bar.caller };
        let x = lane(bar.lane) + 3 + place * (BAR + 2);
        self.empty(
            "rect",
            &[
                ("x", x.to_string()),
                ("y", top.to_string()),
                ("width", BAR.to_string()),
                ("height", (end - top).to_string()),
                ("rx", "2".into()),
                ("fill", colour(bar.caller).into()),
            ],
        )
    }

    fn row(&mut self, row: &Row, text: &[String], top: usize, diagram: &Diagram) -> Result<()> {
        let y = top + text.len() * TEXT;
        let (from, to) = (lane(row.from), lane(row.to));
        let class = match row.kind {
            Kind::Wrong => "wrong",
            Kind::Asks | Kind::Answers => "aside",
            Kind::Does | Kind::Hears => "said",
        };
        for (line, number) in text.iter().zip(1..) {
            let beside = (8 + diagram.callers.saturating_sub(1) * (BAR + 2)).max(12);
            self.label(class, from.min(to) + beside, top + number * TEXT - 5, line)?;
        }
        if from == to {
            return Ok(());
        }
        let class = match row.kind {
            Kind::Answers => "arrow answer",
            Kind::Wrong => "arrow wrong-arrow",
            _ => "arrow",
        };
        let mut line = vec![
            ("class", class.to_string()),
            ("x1", from.to_string()),
            ("x2", to.to_string()),
            ("y1", y.to_string()),
            ("y2", y.to_string()),
        ];
        if let (Kind::Does, caller) = (row.kind, row.from.min(row.to))
            && caller < diagram.callers
        {
            line.push(("style", format!("stroke: {}", colour(caller))));
        }
        self.empty("line", &line)?;
        let back = if to > from { to - 7 } else { to + 7 };
        let points = format!("{to},{y} {back},{} {back},{}", y - 4, y + 4);
        self.empty("polygon", &[("class", "head".into()), ("points", points)])
    }

    fn label(&mut self, class: &str, x: usize, y: usize, text: &str) -> Result<()> {
        self.text("text", &[("class", class.into()), ("x", x.to_string()), ("y", y.to_string())], text)
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        Ok(self.svg.write_event(Event::Start(element(name, attributes)))?)
    }

    fn close(&mut self, name: &str) -> Result<()> {
        Ok(self.svg.write_event(Event::End(BytesEnd::new(name)))?)
    }

    fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> Result<()> {
        Ok(self.svg.write_event(Event::Empty(element(name, attributes)))?)
    }

    fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> Result<()> {
        self.open(name, attributes)?;
        self.svg.write_event(Event::Text(BytesText::new(text)))?;
        self.close(name)
    }
}

fn element<'a>(name: &'a str, attributes: Attributes<'_>) -> BytesStart<'a> {
    let attributes = attributes.iter().map(|(name, value)| (*name, value.as_str()));
    BytesStart::new(name).with_attributes(attributes)
}
