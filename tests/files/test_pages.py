import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from tests.factories import PageFactory, SlotFactory, UserFactory, jpeg
from tests.imaging.pictures import drawn, file_of
from zhupei.files import actions, intake, storage
from zhupei.files.models import Page, Picture
from zhupei.imaging.intake import Rejected
from zhupei.imaging.rules import PAPER, PORTRAIT
from zhupei.lib.verdicts import Refused


@pytest.fixture
def pictures():
    """Two different pictures, taken in."""
    return [intake.keep(jpeg(colour), PAPER, name="小结.jpg") for colour in ((200, 90, 90), (90, 200, 90))]


def lay(slot, pictures, *, replace=False):
    return actions.lay(slot, pictures, by=UserFactory(), replace=replace)


def standing(slot):
    return [(page.number, page.picture.address) for page in slot.pages.standing()]


def test_pages_are_laid_behind_those_that_are_there(pictures):
    slot = SlotFactory()
    one, other = pictures

    lay(slot, [one])
    lay(slot, [other, one])

    assert standing(slot) == [(1, one.address), (2, other.address), (3, one.address)]


def test_replacing_keeps_the_history(pictures):
    slot = SlotFactory()
    one, other = pictures
    lay(slot, [one, one])

    lay(slot, [other], replace=True)

    assert standing(slot) == [(1, other.address)]
    replaced = slot.pages.exclude(removed_at=None)
    assert [page.picture.address for page in replaced] == [one.address, one.address]


def test_replacing_with_nothing_takes_nothing_away(pictures):
    slot = SlotFactory()
    lay(slot, pictures)

    assert lay(slot, [], replace=True) == []
    assert len(standing(slot)) == 2


def test_a_removed_page_stays_in_the_history_and_its_picture_in_the_storage(pictures):
    slot = SlotFactory()
    page, kept = lay(slot, pictures)

    actions.remove(page)

    assert standing(slot) == [(2, kept.picture.address)]
    page.refresh_from_db()
    assert page.removed_at is not None
    assert storage.get(page.picture.address)


def test_removing_the_same_page_twice_is_refused(pictures):
    page, _ = lay(SlotFactory(), pictures)
    actions.remove(page)
    removed_at = Page.objects.get(pk=page.pk).removed_at

    with pytest.raises(Refused, match="这一页已经不在了"):
        actions.remove(page)

    assert Page.objects.get(pk=page.pk).removed_at == removed_at


def test_a_page_laid_after_a_removal_does_not_take_a_number_that_stands(pictures):
    slot = SlotFactory()
    first, second = lay(slot, pictures)
    actions.remove(first)

    (third,) = lay(slot, pictures[:1])

    assert [number for number, _ in standing(slot)] == [second.number, third.number]


def test_a_paper_has_at_most_twelve_pages(pictures):
    slot = SlotFactory()
    lay(slot, pictures[:1] * 11)

    with pytest.raises(Refused, match="一份材料最多 12 页，现已有 11 页"):
        lay(slot, pictures)

    assert len(standing(slot)) == 11
    assert Picture.objects.count() == 11
    lay(slot, pictures[:1])
    with pytest.raises(Refused):
        lay(slot, pictures[:1] * 13, replace=True)
    assert len(standing(slot)) == 12


def test_every_change_is_seen_on_the_slot(pictures):
    slot = SlotFactory()
    moments = [slot.changed_at]

    page, _ = lay(slot, pictures)
    slot.refresh_from_db()
    moments.append(slot.changed_at)
    actions.remove(page)
    slot.refresh_from_db()
    moments.append(slot.changed_at)

    assert moments == sorted(set(moments))


def test_a_row_says_what_arrived_and_what_was_made_of_it():
    content = jpeg(size=(1000, 1400))
    slot, person = SlotFactory(), UserFactory()

    (page,) = actions.lay(slot, [intake.keep(content, PAPER, name="小结\n.jpg")], by=person, replace=False)

    picture = page.picture
    assert (picture.original_size, picture.original_name) == (len(content), "小结 .jpg")
    assert (picture.width, picture.height) == (1000, 1400)
    assert picture.stored_by == page.added_by == person
    assert storage.get(picture.address).startswith(b"\xff\xd8\xff")
    assert picture.size == len(storage.get(picture.address))


def test_several_files_are_taken_in_even_if_some_are_refused():
    uploads = [
        SimpleUploadedFile("a.jpg", jpeg()),
        SimpleUploadedFile("b.txt", b"hello"),
        SimpleUploadedFile("c.jpg", jpeg(size=(300, 400))),
    ]

    taken = intake.take_in(uploads, PAPER)

    assert len(taken.fitted) == 1
    assert [sentence.partition("：")[0] for sentence in taken.sentences] == ["第 2 张", "第 3 张"]
    assert "413×626" in taken.sentences[1]


def test_the_pages_of_a_pdf_become_pages_of_the_slot_in_their_order():
    pdf = file_of(drawn(), "PDF", save_all=True, append_images=[drawn(), drawn(500, 700)])
    slot = SlotFactory()

    taken = intake.take_in([SimpleUploadedFile("小结.jpg", pdf)], PAPER)
    actions.lay(slot, taken.fitted, by=UserFactory(), replace=False)

    pages = list(Page.objects.standing().filter(slot=slot))
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.picture.notes[0] for page in pages] == [f"PDF 第 {number} 页" for number in (1, 2, 3)]
    assert {page.picture.original_size for page in pages} == {len(pdf)}


def test_a_pdf_of_which_one_page_is_too_small_is_refused_whole():
    tiff = file_of(drawn(), "TIFF", save_all=True, append_images=[drawn(300, 400)])

    taken = intake.take_in([SimpleUploadedFile("小结.pdf", tiff)], PAPER)

    assert taken.fitted == ()
    assert taken.sentences[0].startswith("第 2 页：图片太小")


def test_a_single_file_is_not_numbered():
    (sentence,) = intake.take_in([SimpleUploadedFile("b.txt", b"hello")], PAPER).sentences

    assert not sentence.startswith("第 1 张")


def test_a_file_that_came_cut_is_refused_with_the_limit():
    upload = SimpleUploadedFile("huge.jpg", jpeg())
    upload.too_large = True

    taken = intake.take_in([upload], PAPER)

    assert taken.fitted == ()
    assert "文件超过 20 MB" in taken.sentences[0]


def test_a_grey_portrait_is_refused_and_nothing_is_stored(tmp_path):
    with pytest.raises(Rejected, match="黑白"):
        intake.keep(jpeg((120, 120, 120)), PORTRAIT)

    assert not list((tmp_path / "files").rglob("*"))


def test_the_database_refuses_two_standing_pages_of_one_number():
    page = PageFactory()

    with (
        pytest.raises(IntegrityError, match=r"slot_id, files_page\.number|one_page_per_number"),
        transaction.atomic(),
    ):
        PageFactory(slot=page.slot, number=page.number)
