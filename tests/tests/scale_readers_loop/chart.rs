//! A chart of each load and of what the controllers made of it, as SVG.

use std::{fmt::Write as _, fs, path::Path};

use super::{MAX, drive::Run};

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 110.0;
const LEFT: f64 = 130.0;
const GAP: f64 = 30.0;
const COLOURS: [&str; 3] = ["#1f6feb", "#d1242f", "#57606a"];

/// Writes `target/scale-readers/<shape>.svg`.
pub fn draw(shape: &str, runs: &[(&'static str, Run); 3]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../scale-readers");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{}.svg", shape.replace([' ', ','], "-")));
    fs::write(&file, svg(shape, runs)).unwrap();
}

fn svg(shape: &str, runs: &[(&'static str, Run); 3]) -> String {
    let height = 50.0 + 3.0 * (HEIGHT + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/><text x=\"10\" y=\"20\" font-size=\"15\">{shape}</text>\n",
        LEFT + WIDTH + 20.0
    );
    for (nth, (name, colour)) in runs.iter().map(|(name, _)| name).zip(COLOURS).enumerate() {
        let x = LEFT + 150.0 * to_f64(nth) + 300.0;
        writeln!(
            svg,
            "<text x=\"{x}\" y=\"20\" fill=\"{colour}\">{name}</text>"
        )
        .unwrap();
    }
    let load: Vec<_> = runs[0].1.load.clone();
    let most = load.iter().copied().fold(1.0, f64::max);
    panel(
        &mut svg,
        0,
        "load, % of a reader",
        most,
        &[(&load, "#8250df")],
    );
    let cpus: Vec<_> = runs
        .iter()
        .zip(COLOURS)
        .map(|((_, run), colour)| (&run.cpu[..], colour))
        .collect();
    let cpus: Vec<_> = cpus
        .iter()
        .map(|(values, colour)| (*values, *colour))
        .collect();
    panel(&mut svg, 1, "CPU, %", 100.0, &cpus);
    let readers: Vec<Vec<f64>> = runs
        .iter()
        .map(|(_, run)| run.readers.iter().map(|n| to_f64(*n)).collect())
        .collect();
    let readers: Vec<_> = readers
        .iter()
        .zip(COLOURS)
        .map(|(values, colour)| (&values[..], colour))
        .collect();
    panel(&mut svg, 2, "readers", to_f64(MAX), &readers);
    svg.push_str("</svg>\n");
    svg
}

fn panel(svg: &mut String, nth: usize, label: &str, most: f64, lines: &[(&[f64], &str)]) {
    let top = 40.0 + to_f64(nth) * (HEIGHT + GAP);
    let bottom = top + HEIGHT;
    writeln!(svg, "<text x=\"10\" y=\"{}\">{label}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{most:.0}</text>", top + 55.0, LEFT - 8.0, top + 10.0).unwrap();
    writeln!(
        svg,
        "<path d=\"M{LEFT} {top}V{bottom}H{}\" fill=\"none\" stroke=\"#afb8c1\"/>",
        LEFT + WIDTH
    )
    .unwrap();
    for (values, colour) in lines {
        let step = WIDTH / to_f64(values.len());
        let points = values.iter().enumerate().map(|(x, y)| {
            format!(
                "{:.1},{:.1}",
                LEFT + to_f64(x) * step,
                bottom - y / most * HEIGHT
            )
        });
        let points: Vec<_> = points.collect();
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
            points.join(" ")
        )
        .unwrap();
    }
}

fn to_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}
