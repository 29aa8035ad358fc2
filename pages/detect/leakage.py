from components.views.detect import leakage

leakage.show()
