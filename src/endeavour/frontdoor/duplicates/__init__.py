"""Records that tell of one service: found by what they share, judged by a person, joined without losing either."""
