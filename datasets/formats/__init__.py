"""Labelled pictures of other people: YOLO folders and COCO files, read and written."""
