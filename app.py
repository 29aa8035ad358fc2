"""Preflight in the browser: ``streamlit run app.py``.

A server imports this file and serves ``app``; each visitor's script run draws the frame.
"""

import streamlit as st

from components.views import frame, server

if frame.is_running():
    frame.show()
else:
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        routes=server.routes(),
        middleware=server.middleware(),
        on_script_error=frame.failed,
    )
