"""Finding the peaks of a spectrum. Knows numpy only."""

from __future__ import annotations

import numpy as np

__all__ = ["findPeaks"]


def findPeaks(
    wavelengths: np.ndarray, counts: np.ndarray, reach: int = 12, share: float = 0.05
) -> list[tuple[float, float]]:
    """Wavelength and height of every peak, the highest first.

    A peak is the highest of `reach` points to either side and stands out of the lowest of them
    by more than `share` of the range of the whole spectrum. Its wavelength is the centre of
    gravity of its upper half, so it is finer than the distance of two points.
    """
    if len(counts) < 2 * reach + 1:
        return []
    around = np.lib.stride_tricks.sliding_window_view(counts, 2 * reach + 1)
    highest = around.max(axis=1)
    needed = share * (counts.max() - counts.min())
    found = (around[:, reach] == highest) & (highest - around.min(axis=1) > needed)
    peaks = []
    places: np.ndarray = np.flatnonzero(found) + reach
    for index in places:
        near = slice(index - reach // 2, index + reach // 2 + 1)
        height = float(counts[index])
        weights = np.clip(counts[near] - height / 2, 0.0, None)
        peaks.append((float(np.average(wavelengths[near], weights=weights)), height))
    return sorted(peaks, key=lambda peak: -peak[1])
