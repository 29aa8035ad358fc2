"""The screen: the only room that imports streamlit. Pages call one view each."""
