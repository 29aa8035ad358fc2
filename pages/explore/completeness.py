from components.views.explore import completeness

completeness.show()
