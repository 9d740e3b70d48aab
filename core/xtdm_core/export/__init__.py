"""Finished pictures: HLG AVIF, sRGB TIFF, linear TIFF; files appear whole or not at all."""
