from components.views.share import report

report.show()
