"""Two texts as one that shows what changed: words of the older alone struck, words of the newer alone marked.

From words (`pieces`) and blocks (`pairing`, `blocks`) to whole documents (`whole`); `versions` takes either text out
again, and `unexplained` finds what differs though no change of an item says so.
"""

from shishin.marking.blocks import merged_blocks as merged_blocks
from shishin.marking.blocks import merged_inlines as merged_inlines
from shishin.marking.unexplained import labels_of as labels_of
from shishin.marking.unexplained import template_changes as template_changes
from shishin.marking.versions import sides as sides
from shishin.marking.whole import accepted as accepted
from shishin.marking.whole import marked as marked
from shishin.marking.whole import rejected as rejected
