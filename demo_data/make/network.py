"""The detector: a small convolutional network that answers at every cell of two grids."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, softplus

STRIDES = (8, 16)  # pixels per cell of the fine and of the coarse grid
SIZE_MULTIPLE = 32  # height and width of the input must be multiples of this
RARE = 0.01  # the score each class starts from


def convolution(
    inputs: int, outputs: int, kernel: int = 3, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """A convolution, normalised and activated."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(inplace=True),
    )


def separable(channels: int) -> nn.Sequential:
    """A convolution within each channel, then one across the channels."""
    return nn.Sequential(
        convolution(channels, channels, groups=channels), convolution(channels, channels, kernel=1)
    )


class Residual(nn.Module):
    """Adds to its input what a narrow pair of convolutions makes of it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.narrow = convolution(channels, channels // 2, kernel=1)
        self.widen = convolution(channels // 2, channels)

    def forward(self, features: Tensor) -> Tensor:
        return features + self.widen(self.narrow(features))


class Detector(nn.Module):
    """Images [B, 3, H, W], 0 to 1, to class scores and boxes at N cells."""

    def __init__(self, classes: int, neck: int = 48) -> None:
        super().__init__()
        self.to_stride_4 = nn.Sequential(
            convolution(3, 16, stride=2), convolution(16, 32, stride=2), Residual(32)
        )
        self.to_stride_8 = nn.Sequential(convolution(32, 48, stride=2), Residual(48), Residual(48))
        self.to_stride_16 = nn.Sequential(convolution(48, 72, stride=2), Residual(72), Residual(72))
        self.to_stride_32 = nn.Sequential(convolution(72, 80, stride=2), Residual(80))
        self.from_stride_8 = convolution(48, neck, kernel=1)
        self.from_stride_16 = convolution(72, neck, kernel=1)
        self.from_stride_32 = convolution(80, neck, kernel=1)
        self.merge_fine = convolution(neck, neck)
        self.merge_coarse = convolution(neck, neck)
        self.class_heads = nn.ModuleList(
            nn.Sequential(separable(neck), separable(neck), nn.Conv2d(neck, classes, 1))
            for _ in STRIDES
        )
        self.box_heads = nn.ModuleList(
            nn.Sequential(separable(neck), nn.Conv2d(neck, 4, 1)) for _ in STRIDES
        )
        for head in self.class_heads:
            nn.init.constant_(head[-1].bias, -math.log(1 / RARE - 1))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Class logits [B, N, C] and boxes [B, N, 4]: left, top, right, bottom in pixels."""
        stride_8 = self.to_stride_8(self.to_stride_4(images))
        stride_16 = self.to_stride_16(stride_8)
        stride_32 = self.to_stride_32(stride_16)
        coarse = self.merge_coarse(
            self.from_stride_16(stride_16) + enlarged(self.from_stride_32(stride_32))
        )
        fine = self.merge_fine(self.from_stride_8(stride_8) + enlarged(coarse))

        logits, boxes = [], []
        levels = zip(STRIDES, (fine, coarse), self.class_heads, self.box_heads, strict=True)
        for stride, features, class_head, box_head in levels:
            logits.append(class_head(features).flatten(2))
            sides = softplus(box_head(features).flatten(2)) * stride
            rows, columns = features.shape[-2:]
            centres = cell_centres(int(rows), int(columns), stride).T
            boxes.append(torch.cat([centres - sides[:, :2], centres + sides[:, 2:]], dim=1))
        return torch.cat(logits, 2).transpose(1, 2), torch.cat(boxes, 2).transpose(1, 2)


class UltralyticsLayout(nn.Module):
    """The detector's answers as Ultralytics v8 gives them, [B, 4 + C, N].

    Each column is one cell: centre x and y, width and height in pixels, then
    a score from 0 to 1 for each class.
    """

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, images: Tensor) -> Tensor:
        logits, boxes = self.detector(images)
        corner, opposite = boxes[..., :2], boxes[..., 2:]
        columns = [(corner + opposite) / 2, opposite - corner, logits.sigmoid()]
        return torch.cat(columns, dim=2).transpose(1, 2)


def enlarged(features: Tensor) -> Tensor:
    """Features [B, C, H, W] on a grid with half the stride."""
    return interpolate(features, scale_factor=2.0, mode="nearest")


def cell_centres(rows: int, columns: int, stride: int) -> Tensor:
    """The x and y of each cell's centre in pixels, [rows * columns, 2], row by row."""
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    return (torch.stack([x, y], dim=-1).reshape(-1, 2) + 0.5) * stride


def all_cells(height: int, width: int) -> tuple[Tensor, Tensor]:
    """For an image of this size each cell's centre [N, 2] and stride [N], both in pixels."""
    grids = [cell_centres(height // stride, width // stride, stride) for stride in STRIDES]
    strides = [
        torch.full((len(grid),), float(stride)) for grid, stride in zip(grids, STRIDES, strict=True)
    ]
    return torch.cat(grids), torch.cat(strides)
