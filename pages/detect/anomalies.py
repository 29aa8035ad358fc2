from components.views.detect import anomalies

anomalies.show()
