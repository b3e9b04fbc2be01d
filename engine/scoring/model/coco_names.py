"""COCO's 80 classes, which keep ids from 1 to 90 with gaps where classes were dropped."""

from typing import Final

LISTED: Final = """
person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light,
fire hydrant, stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant,
bear, zebra, giraffe, backpack, umbrella, handbag, tie, suitcase, frisbee, skis, snowboard,
sports ball, kite, baseball bat, baseball glove, skateboard, surfboard, tennis racket, bottle,
wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot,
hot dog, pizza, donut, cake, chair, couch, potted plant, bed, dining table, toilet, tv, laptop,
mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, book, clock,
vase, scissors, teddy bear, hair drier, toothbrush
"""
COCO_NAMES: Final = tuple(name.strip() for name in LISTED.split(","))
DROPPED: Final = frozenset({12, 26, 29, 30, 45, 66, 68, 69, 71, 83})
COCO_IDS: Final = tuple(number for number in range(1, 91) if number not in DROPPED)
