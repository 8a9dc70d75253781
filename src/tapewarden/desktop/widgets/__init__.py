"""Parts of views, drawn on canvases whose items are made once and then only changed."""
