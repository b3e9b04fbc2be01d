"""Pascal VOC: difficult objects, sets of images, and XML that should not be trusted."""

import pytest
from PIL import Image

from engine.core.errors import DataError
from engine.formats import read_dataset
from tests.engine.formats.dialects import SCENE, rows_of, voc, voc_xml

BOX = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax></bndbox>"
BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><annotation>&y;</annotation>'


def one(folder, objects):
    text = f"<annotation><filename>007.jpg</filename>{objects}</annotation>"
    (folder / "007.xml").write_text(text)
    return folder


def test_difficult_objects_are_crowds_with_an_outline(tmp_path):
    hard = "<difficult>1</difficult>"
    (tmp_path / "000.xml").write_text(voc_xml(SCENE, 0, hard))
    (tmp_path / "001.xml").write_text(voc_xml(SCENE, 1, "<difficult>0</difficult>"))
    dataset = read_dataset(tmp_path)
    truths = dataset.ground_truths
    assert truths.crowd.tolist() == [True, True, False, False]
    assert truths.difficult.tolist() == [True, True, False, False]
    assert not truths.region.any()
    assert dataset.warnings == (
        "2 boxes marked difficult: they need not be found, and to find them is neither right nor "
        "wrong",
    )


def test_without_a_difficult_object_there_is_no_such_column(tmp_path):
    dataset = read_dataset(voc(tmp_path / "voc", SCENE))
    assert dataset.ground_truths.difficult is None


def test_of_several_sets_of_images_val_is_read_and_that_is_said(tmp_path):
    voc(tmp_path, SCENE)
    (sets := tmp_path / "ImageSets" / "Main").mkdir(parents=True)
    (sets / "train.txt").write_text("000\n")
    (sets / "val.txt").write_text("001 1\n009\n")
    dataset = read_dataset(tmp_path)
    assert dataset.images.name == ("001.png",)
    assert dataset.warnings == (
        "of 3 XML files those of ImageSets/Main/val.txt are read: 1",
        "1 image of ImageSets/Main/val.txt without an XML file, as 009: left out",
    )


def test_the_classes_of_a_label_map_come_in_its_order_without_background(tmp_path):
    voc(tmp_path, SCENE)
    lines = "# label:color_rgb:parts:actions\nbackground:0,0,0::\nwasher:1,2,3::\nbolt:::\n"
    (tmp_path / "labelmap.txt").write_text(lines)
    assert read_dataset(tmp_path).classes == ("washer", "bolt", "hex nut")


def test_parts_of_an_object_are_no_objects_of_their_own(tmp_path):
    part = f"<part><name>head</name>{BOX.replace('5', '3')}</part>"
    one(tmp_path, f"<object><name>person</name>{BOX}{part}</object>")
    assert rows_of(read_dataset(tmp_path)) == [(7, "person", 1, 2, 5, 6)]


def test_objects_that_cannot_be_used_are_left_out_and_the_first_is_named(tmp_path):
    good, unnamed = f"<object><name>a</name>{BOX}</object>", f"<object>{BOX}</object>"
    turned = good.replace("<xmax>5", "<xmax>0")
    turned_box = "<object><name>a</name><robndbox/></object>"
    dataset = read_dataset(one(tmp_path, good + unnamed + unnamed + turned_box + turned))
    assert len(dataset.ground_truths) == 1
    assert dataset.warnings == (
        "2 boxes without a name (007.xml, object 2): left out",
        "1 box without a <bndbox> (007.xml, object 4): left out",
        "1 box whose right or lower edge is not beyond the left or upper one "
        "(007.xml, object 5): left out",
    )


def test_two_files_of_one_image_are_not_added_up(tmp_path):
    one(tmp_path, f"<object><name>a</name>{BOX}</object>")
    (tmp_path / "008.xml").write_text((tmp_path / "007.xml").read_text())
    dataset = read_dataset(tmp_path)
    assert (len(dataset.images), len(dataset.ground_truths)) == (1, 1)
    assert "008.xml names 007.jpg, as 007.xml does" in dataset.warnings[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (BOMB, "it has a DOCTYPE, which annotations do not need"),
        (BOMB.encode("utf-16"), "it has a DOCTYPE, which annotations do not need"),
        ("<annotation>\n<object>\n</annotation>", "1.xml:3: broken XML: mismatched tag"),
        ("<annotation>", "1.xml:1: broken XML: no element found"),
        ("<kml></kml>", "expected <annotation>, found <kml>"),
        ("", "the file is empty"),
        (f"<annotation><object><name>a</name>{BOX.replace('2', 'two')}</object></annotation>",
         "object 1: expected a number in <ymin>, got 'two'"),
        ("<annotation><object><name>a</name><bndbox></bndbox></object></annotation>",
         "object 1: expected a number in <xmin>, found none"),
    ],
)  # fmt: skip
def test_xml_that_is_broken_or_dangerous_is_refused_with_its_place(tmp_path, text, problem):
    one(tmp_path, f"<object><name>a</name>{BOX}</object>")
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "1.xml").write_bytes(content)
    with pytest.raises(DataError) as error:
        read_dataset(tmp_path, data_format="voc")
    assert problem in str(error.value)
    assert "1.xml" in str(error.value)


def named_anew(folder, names, said):
    """VOC files and images of these names; each file of annotations says another name."""
    for image, (name, other) in enumerate(zip(names, said, strict=True)):
        text = voc_xml(SCENE, image).replace(f"{image:03d}.png", other)
        (folder / f"{name}.xml").write_text(text)
        Image.new("RGB", SCENE.sizes[image]).save(folder / f"{name}.png")
    return read_dataset(folder)


@pytest.mark.parametrize(
    ("said", "count"), [(("b.png", "c.png", "a.png"), 3), (("b.png", "c.png", "c.png"), 2)]
)
def test_images_that_were_renamed_with_their_files_keep_their_boxes(tmp_path, said, count):
    dataset = named_anew(tmp_path, "abc", said)
    assert dataset.images.name == ("a.png", "b.png", "c.png")
    assert [path.name for path in dataset.images.path] == ["a.png", "b.png", "c.png"]
    assert dataset.ground_truths.image.tolist() == [0, 0, 1, 1]
    files = f"{count} files of annotations name another image (a.xml names b.png)"
    assert dataset.warnings[0] == f"{files}: the name of the file itself decides"


def test_pictures_elsewhere_that_are_called_as_the_files_change_nothing(tmp_path):
    names = ("x.png", "y.png", "z.png")
    named_anew(tmp_path, "abc", names)
    (tmp_path / "masks").mkdir()
    for image, stem in enumerate("abc"):
        (tmp_path / f"{stem}.png").rename(tmp_path / names[image])
        Image.new("RGB", (9, 9)).save(tmp_path / "masks" / f"{stem}.png")
    dataset = read_dataset(tmp_path)
    assert (dataset.images.name, dataset.warnings) == (names, ())


def test_the_name_in_a_file_decides_where_no_image_is_called_as_the_file(tmp_path):
    dataset = named_anew(tmp_path, "abc", ("a.png", "b.jpg", "sub/c.png"))
    assert dataset.images.name == ("a.png", "b.jpg", "sub/c.png")
    assert dataset.warnings == ()
    for image in tmp_path.glob("*.png"):
        image.unlink()
    (tmp_path / "a.xml").write_text(voc_xml(SCENE, 0).replace("000.png", "b.png"))
    (tmp_path / "b.xml").write_text(voc_xml(SCENE, 1).replace("001.png", "a.png"))
    dataset = read_dataset(tmp_path)
    assert dataset.images.name == ("b.png", "a.png", "sub/c.png")
    assert dataset.warnings == (
        "2 files of annotations name what another one is called (a.xml names b.png): what it "
        "names decides",
    )
