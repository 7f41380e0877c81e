"""Words of the reports: English with the Chinese that the field uses beside it."""

from typing import NamedTuple

from helmetbelt.compliance.rates import Flag
from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.passages import Direction, Item, Reason, Role, Status, Vehicle


class Label(NamedTuple):
    """One thing in both languages."""

    en: str
    zh: str


VEHICLES = {
    Vehicle.TWO_WHEELER: Label("Two-wheelers", "两轮车"),
    Vehicle.CAR: Label("Cars", "汽车"),
}
ITEMS = {
    Item.HELMET: Label("Helmet", "头盔"),
    Item.SEATBELT: Label("Seatbelt", "安全带"),
}
ROLES = {
    Role.RIDER: Label("Rider", "驾驶人"),
    Role.PILLION: Label("Pillion", "后座"),
    Role.DRIVER: Label("Driver", "主驾"),
    Role.FRONT_PASSENGER: Label("Front passenger", "副驾"),
}
ALL_ROLES = Label("All persons", "合计")
STATUSES = {
    Status.WORN: Label("worn", "已佩戴"),
    Status.NOT_WORN: Label("not worn", "未佩戴"),
    Status.UNKNOWN: Label("unknown", "无法判定"),
}
REASONS = {
    Reason.TOO_SMALL: Label("too small in the picture", "目标过小"),
    Reason.OCCLUDED: Label("hidden or not found", "遮挡"),
    Reason.GLARE: Label("glare or haze on the glass", "玻璃反光或模糊"),
    Reason.CONFLICT: Label("the looks contradict each other", "判定矛盾"),
    Reason.TOO_SHORT: Label("too few clear looks", "可视时间过短"),
    Reason.NO_WINDSHIELD: Label("seen from behind or from the side", "未见前挡风玻璃"),
    Reason.NO_MODEL: Label("no model for it in this version", "暂无模型"),
}
DIRECTIONS = {
    Direction.TOWARD: Label("toward the camera", "驶近"),
    Direction.AWAY: Label("away from the camera", "驶离"),
    Direction.LEFT: Label("to the left", "向左"),
    Direction.RIGHT: Label("to the right", "向右"),
}
CLOCKS = {
    ClockProvenance.CAMERA: Label("the camera's clock", "设备时钟"),
    ClockProvenance.OPERATOR: Label("given by the operator", "人工指定"),
    ClockProvenance.FILE_NAME: Label("read from the file name", "文件名"),
    ClockProvenance.CONTAINER: Label("written into the file by the camera", "文件元数据"),
    ClockProvenance.RECEIVED: Label("when it was received", "接收时间"),
    ClockProvenance.FILE_TIME: Label("time stamp of the file: not to be relied on", "文件时间，不可靠"),
    ClockProvenance.SIMULATED: Label("simulated", "模拟"),
}
FLAGS = {
    Flag.LOW_N: Label(
        "Fewer than 30 persons were decided: read the interval, not the percentage.",
        "有效样本少于 30 人，应看置信区间。",
    ),
    Flag.HIGH_UNKNOWN: Label(
        "More than 10 % could not be judged; the rate may lie anywhere between its bounds.",
        "无法判定超过 10%，真实值可能在上下界之间。",
    ),
    Flag.HIGH_SE: Label(
        "The standard error is above 2.5 points, the limit of US state surveys (23 CFR 1340).",
        "标准误大于 2.5 个百分点。",
    ),
    Flag.UNCALIBRATED: Label(
        "The errors of the machine on this camera were not measured against people's labels.",
        "该点位尚未经人工标注校准。",
    ),
    Flag.SINGLE_CLUSTER: Label(
        "One camera session only: it says nothing about other places or hours.",
        "仅一个观测时段，不代表其他地点或时间。",
    ),
    Flag.SIMULATED: Label(
        "Drawn pictures of an invented junction: no real traffic.",
        "模拟画面，非真实交通。",
    ),
    Flag.CLOCK_UNTRUSTED: Label(
        "Nobody knows for sure when this was recorded.",
        "拍摄时间不可靠。",
    ),
}
