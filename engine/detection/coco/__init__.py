"""COCO's average precision, as pycocotools counts it."""
