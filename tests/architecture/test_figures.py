"""Every figure is drawn by the one part that also offers its picture and its numbers."""

import ast

import pytest

PANEL = "components/views/parts/figures/evidence_panel.py"
PLOTLY = "plotly_chart"
OTHER_CHARTS = {
    "altair_chart",
    "area_chart",
    "bar_chart",
    "bokeh_chart",
    "graphviz_chart",
    "line_chart",
    "pydeck_chart",
    "pyplot",
    "scatter_chart",
    "vega_lite_chart",
}
"""What else Streamlit draws; none of it goes with the downloads."""
DRAWN_IN = ("app.py", "pages/", "components/views/")


def attributes(tree):
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.fixture(scope="module")
def screens(trees):
    return {name: tree for name, tree in trees.items() if name.startswith(DRAWN_IN)}


def test_figures_are_drawn_in_one_file(screens):
    assert {name for name, tree in screens.items() if PLOTLY in attributes(tree)} == {PANEL}


def test_nothing_else_draws_charts(screens):
    for name, tree in screens.items():
        drawn = {
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and (node.attr in OTHER_CHARTS or ast.unparse(node) == "st.map")
        }
        assert drawn == set(), name


def test_each_function_that_draws_a_figure_offers_it(screens):
    drawing = [
        node
        for node in ast.walk(screens[PANEL])
        if isinstance(node, ast.FunctionDef) and PLOTLY in attributes(node)
    ]
    assert drawing
    for function in drawing:
        calls = [
            ast.unparse(statement.value.func)
            for statement in function.body
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        ]
        assert "downloads.show" in calls, f"{function.name} draws a figure without downloads"
        must = {
            a.arg
            for a, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            if default is None
        }
        assert {"sheet", "name", "alt_text"} <= must, function.name
