# SPDX-License-Identifier: AGPL-3.0-or-later
# From a PDF to answers. Run it with:  pip install 'koteihyo[notebook]'  and  marimo edit notebook.py
import marimo

app = marimo.App(width="medium", app_title="koteihyo: from a PDF to answers")


@app.cell
def imports():
    import altair as alt
    import marimo as mo
    import polars as pl

    import koteihyo

    return alt, koteihyo, mo, pl


@app.cell(hide_code=True)
def title(mo):
    mo.md("""
    # From a PDF to answers

    A 工程表 (roadmap) is a Gantt chart in a PDF. koteihyo reads it into tables. This notebook reads the two fictional
    editions that come with it, draws the plan, and asks what was put off and which figures were promised for when.
    Put the path of a PDF of your own in the next cell, and everything below follows.
    """)
    return


@app.cell
def read(koteihyo):
    older_pdf, newer_pdf = koteihyo.samples()
    older = koteihyo.read(older_pdf)
    plan = koteihyo.read(newer_pdf)
    plan  # noqa: B018
    return older, plan


@app.cell(hide_code=True)
def about_items(mo):
    mo.md("""
    ## Every bar is a row

    `fy_start` and `fy_end` are fiscal years, both included (a Japanese fiscal year begins on 1 April). `confidence` says
    how sure the reading is. The frame is polars; `.to_pandas()` makes a pandas one.
    """)
    return


@app.cell
def items_of_the_plan(pl, plan):
    headings = plan.frame("sections").select("section_id", path=pl.col("path").list.join(" › "))
    rows = plan.frame("table_rows").select("row_id", row=pl.col("name"))
    items = (
        plan.frame("schedule_items")
        .join(headings, on="section_id", how="left")
        .join(rows, on="row_id", how="left")
        .with_columns(place=pl.coalesce("path", "row"), order=pl.int_range(pl.len()))
        .select("item_id", "page_no", "kind", "text", "fy_start", "fy_end", "place", "owners", "confidence", "order")
    )
    items  # noqa: B018
    return (items,)


@app.cell(hide_code=True)
def about_the_plan(mo):
    mo.md("## The plan, drawn")
    return


@app.cell
def gantt(plan):
    plan.gantt()
    return


@app.cell
def page(plan):
    # What was read, over the page that it was read from.
    plan.picture(2)
    return


@app.cell
def plot_of_the_plan(alt, items, pl):
    bars = items.drop_nulls("fy_start").filter(pl.col("kind") == "bar").with_columns(until=pl.col("fy_end") + 1)
    years = alt.Axis(format="d", tickMinStep=1)
    measures = alt.Chart(bars, title="Every measure and the fiscal years it covers").encode(
        x=alt.X("fy_start:Q", title="fiscal year", axis=years, scale=alt.Scale(zero=False)),
        y=alt.Y("item_id:N", sort=alt.EncodingSortField("order"), axis=None),
        tooltip=["text", "place", "fy_start", "fy_end", "page_no", "confidence"],
    )
    plot_of_plan = (
        measures.mark_bar(opacity=0.4).encode(x2="until:Q", color=alt.Color("place:N", legend=None))
        + measures.mark_text(align="left", dx=3, fontSize=10).encode(text="text:N")
    ).properties(width=700, height=alt.Step(16))
    plot_of_plan  # noqa: B018
    return (plot_of_plan,)


@app.cell(hide_code=True)
def about_delays(mo):
    mo.md("""
    ## What was put off

    `compare` follows each measure from one edition to the next. What only moved with the year columns is not counted as
    a change.
    """)
    return


@app.cell
def changes_of_the_plan(koteihyo, older, plan):
    changes = koteihyo.compare(older, plan)
    changes.counts  # noqa: B018
    return (changes,)


@app.cell
def plot_of_the_delays(alt, changes, pl):
    delays = changes.frame().filter(pl.col("change_type") == "rescheduled", pl.col("end_years") > 0)
    base = alt.Chart(delays, title="Where the end was, and where it is now").encode(
        y=alt.Y("new_text:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)), tooltip=["new_text", "end_years"]
    )
    axis = alt.Axis(format="d", tickMinStep=1)
    year = alt.X("old_fy_end:Q", title="fiscal year", axis=axis, scale=alt.Scale(zero=False))
    plot_of_delays = (
        base.mark_rule(strokeWidth=2, color="#c33").encode(x=year, x2="new_fy_end:Q")
        + base.mark_point(filled=True, size=60, color="#999").encode(x=year)
        + base.mark_point(filled=True, size=90, color="#c33", shape="triangle-right").encode(x=alt.X("new_fy_end:Q"))
    ).properties(width=420)
    plot_of_delays  # noqa: B018
    return delays, plot_of_delays


@app.cell(hide_code=True)
def about_figures(mo):
    mo.md("""
    ## Which figures are promised for when

    `item_targets` has every figure that a text promises or counts. A figure is due by its own deadline where the text
    names one, else in the last year of its bar.
    """)
    return


@app.cell
def plot_of_the_figures(alt, items, pl, plan):
    due = pl.col("deadline").dt.year() - (pl.col("deadline").dt.month() < 4).cast(pl.Int32)
    figures = (
        plan.frame("item_targets")
        .join(items.select("item_id", "fy_end", item=pl.col("text")), on="item_id")
        .with_columns(year=pl.coalesce(due, "fy_end"), figure=pl.col("text"))
        .sort("year")
    )
    figure_base = alt.Chart(figures, title="Promised figures by fiscal year").encode(
        x=alt.X("year:O", title="fiscal year"),
        y=alt.Y("item:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
        tooltip=["item", "figure", "value", "unit", "measure", "deadline"],
    )
    plot_of_figures = (
        figure_base.mark_point(filled=True, size=60) + figure_base.mark_text(align="left", dx=8).encode(text="figure:N")
    ).properties(width=420)
    plot_of_figures  # noqa: B018
    return figures, plot_of_figures


if __name__ == "__main__":
    app.run()
