def layers_figure(g, o):
    return ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10' width='10' height='10'/>", "alt")


timeline_figure = layers_figure
