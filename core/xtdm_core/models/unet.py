"""The U-Net of the first program, kept to the letter so that its users' checkpoints still work.

Double 3x3 convolutions without bias, batch normalisation and ReLU; widths 64 to 1024; max-pooling by 2; transposed
convolutions 2x2 with bias; concatenation of the upsampled features first, then the skip; 31,038,339 parameters.
Its input is the mosaic and three position masks. Checkpoints differ in what cannot be read from their weights:
whether the mosaic was white-balanced, and whether it is added to the outputs ("CFA residual").
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from xtdm_core.xtrans import CANONICAL


class UNet(nn.Module):
    """Input f32 [N, 1, H, W], H and W multiples of 48, canonical phase; output f32 [N, 3, H, W].

    base_width    channels at full resolution: 64, in later checkpoints 32
    cfa_residual  add the mosaic value to all three outputs
    """

    stride = 48  # lcm of the CFA's 6 and the 16 of four poolings
    masks: Tensor

    def __init__(self, base_width: int = 64, cfa_residual: bool = False) -> None:
        super().__init__()
        w = base_width
        self.cfa_residual = cfa_residual
        masks = np.stack([colour == CANONICAL for colour in range(3)]).astype(np.float32)
        self.register_buffer("masks", torch.from_numpy(masks), persistent=False)
        self.enc1 = _DoubleConv(4, w)
        self.enc2 = _Down(w, 2 * w)
        self.enc3 = _Down(2 * w, 4 * w)
        self.enc4 = _Down(4 * w, 8 * w)
        self.bottleneck = _Down(8 * w, 16 * w)
        self.dec4 = _Up(16 * w, 8 * w)
        self.dec3 = _Up(8 * w, 4 * w)
        self.dec2 = _Up(4 * w, 2 * w)
        self.dec1 = _Up(2 * w, w)
        self.out_conv = nn.Conv2d(w, 3, 1)

    def forward(self, mosaic: Tensor) -> Tensor:
        """Demosaics; see the class for shapes."""
        n, _, height, width = mosaic.shape
        masks = self.masks.repeat(1, height // 6, width // 6).expand(n, 3, height, width)
        e1 = self.enc1(torch.cat((mosaic, masks), dim=1))
        e2 = self.enc2(e1)
        e3 = self.enc3(e2)
        e4 = self.enc4(e3)
        x = self.dec4(self.bottleneck(e4), e4)
        x = self.dec1(self.dec2(self.dec3(x, e3), e2), e1)
        rgb: Tensor = self.out_conv(x)
        return rgb + mosaic if self.cfa_residual else rgb


class _DoubleConv(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.block(x)
        return out


class _Down(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = _DoubleConv(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.conv(self.pool(x))
        return out


class _Up(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.conv = _DoubleConv(inputs, outputs)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        out: Tensor = self.conv(torch.cat((self.up(x), skip), dim=1))
        return out
