"""What can be measured of a figure."""


def off_the_edge(figure):
    """Words that a figure would cut off."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    FigureCanvasAgg(figure).draw()
    box = figure.bbox
    beyond = set()  # ticks outside what an axis shows are not drawn
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        beyond |= {
            tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high
        }
    words_ = [
        text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()
    ]
    words_ = [text for text in words_ if text not in beyond]
    boxes = [(text.get_text(), text.get_window_extent()) for text in words_]
    return [
        text
        for text, at in boxes
        if at.x0 < -1 or at.y0 < -1 or at.x1 > box.x1 + 1 or at.y1 > box.y1 + 1
    ]
