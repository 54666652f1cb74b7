"""Our own trainer of LightFM's models: the same losses, sampling and update rules, several times as fast.

``lanes``, ``memory`` and ``draws`` are the instructions it is written in; ``identity`` and ``features`` hold
the two kinds of tables with their update rules; ``warp``, ``bpr``, ``logistic`` and ``warp_kos`` are one loss
each, written once for both kinds; ``trainer`` runs epochs.
"""
