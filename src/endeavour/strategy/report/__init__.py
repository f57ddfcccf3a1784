"""The annual report (W9): frozen figures, the secretariat's words around them, the same bytes every time."""
