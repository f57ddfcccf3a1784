"""What the partnership promised, how it stands, and what is published about it.

Where to look first, for each thing that a page shows:

- promises and how they stand: `findings` (the rules, pure), `queries`, `actions`, `views`, `views_forms`
- figures of a promise: `observations` (published figures), `figures` and `reading` (what they say), `measuring` (agreeing)
- theory of change: `theory/`; annual report: `report/`; reading a strategy from its document: `importer/`
- partners' plans: `plans`, `likeness`; what promises need: `resources`; effects by group: `impact`, `proposals`
- campaigns: `campaigns` (writing), `campaign_reading` (counting)
- words: `language`, `readability`; forms on the web: `forms` (pure), `asking` (type, check, publish), `drafts`
- the pack's files: `pack_files`, `pack_files_shared` (their shape), `loading`, `loading_shared` (storing them)

Other parts import `public` alone.
"""
