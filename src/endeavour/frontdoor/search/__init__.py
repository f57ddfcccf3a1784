"""Finding help in your own words: words and meaning, fused; no Django in this folder."""

from endeavour.frontdoor.search.building import build_index as build_index
from endeavour.frontdoor.search.documents import Document as Document
from endeavour.frontdoor.search.documents import Hit as Hit
from endeavour.frontdoor.search.documents import Opening as Opening
from endeavour.frontdoor.search.documents import Question as Question
from endeavour.frontdoor.search.documents import Spot as Spot
from endeavour.frontdoor.search.index import SearchIndex as SearchIndex
from endeavour.frontdoor.search.index import open_index as open_index
