from components.views import label_review

label_review.show()
