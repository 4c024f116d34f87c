"""The words of importing people: Chinese, English."""

from __future__ import annotations

IMPORT: dict[str, tuple[str, str]] = {
    "import.title": ("导入人员", "Import people"),
    "import.intro": (
        "上传 CSV 或 Excel（.xlsx）名单，逐行预览后写进组织结构；注释和顺序不变。只新增和修改，不删除。",
        "Upload a list as CSV or Excel (.xlsx): each line is previewed, then goes into the chart's text,"
        " whose comments"
        " and order stay. It adds and changes, it never deletes.",
    ),
    "import.file": ("名单文件", "The list"),
    "import.do": ("上传并预览", "Upload and preview"),
    "import.columns": ("认识的列", "Columns that are recognised"),
    "import.columns.how": (
        "第一行是列名，顺序不限，至少要有姓名。没有账号时按手机认人，新人的账号用姓名拼音。中心、室、组也可写成一列"
        "「路径」：网管维护中心-核心维护室-话务维护组。CSV 可以是 UTF-8 或 GBK 编码。",
        "The first row names the columns, in any order; a name column is needed. Without accounts people are known by"
        " their phone, and a new one's account is the name's pinyin. Centre, room and group may be one column (path)"
        " with dashes. CSV may be UTF-8 or GBK.",
    ),
    "import.read_as": ("列的含义：", "Read as:"),
    "import.next": ("还没有保存。下一步预览对工单和值班的影响。", "Nothing is saved yet. Next: what it touches."),
    "import.do.edit": ("放进编辑器", "Into the editor"),
    "import.do.preview": ("预览影响", "Preview"),
    "import.nothing": ("名单没有带来变化，不用保存。", "The list changes nothing."),
    "import.col.line": ("行", "Line"),
    "import.col.what": ("结果", "Result"),
    "import.col.who": ("人员", "Person"),
    "import.col.how": ("内容或原因", "What, or why not"),
    "import.joins": ("加入", "joins"),
    "import.invented": ("账号由姓名拼音生成", "account made of the name's pinyin"),
    "import.action.add": ("新增", "new"),
    "import.action.change": ("修改", "changed"),
    "import.action.same": ("无变化", "the same"),
    "import.action.refuse": ("拒绝", "refused"),
    "import.field.name": ("姓名", "name"),
    "import.field.account": ("账号", "account"),
    "import.field.phone": ("手机", "phone"),
    "import.field.email": ("邮箱", "e-mail"),
    "import.field.active": ("在岗", "active"),
    "import.field.center": ("中心", "centre"),
    "import.field.room": ("室", "room"),
    "import.field.group": ("组", "group"),
    "import.field.path": ("路径", "path"),
    "import.why.phone": ("「{about}」不是手机号", "{about} is no phone"),
    "import.why.phone_twice": ("号码与第{about}行相同", "the same phone as on line {about}"),
    "import.why.phone_of_unit": ("号码是「{about}」的值班手机", "the phone is the duty phone of {about}"),
    "import.why.phone_taken": ("号码已属于 {about}", "the phone belongs to {about}"),
    "import.why.account": ("账号「{about}」只能用字母、数字、_ 和 .", "account {about}: letters, digits, _ and . only"),
    "import.why.account_twice": ("账号与第{about}行相同", "the same account as on line {about}"),
    "import.why.name_known": ("已有同名的人（{about}），请写明账号", "that name is known ({about}): give the account"),
    "import.why.no_account": ("没有账号，「{about}」也拼不出账号", "no account, and none can be made of {about}"),
    "import.why.no_name": ("没有姓名", "no name"),
    "import.why.name": ("姓名「{about}」含有不能用的字符", "the name {about} holds characters that can't be used"),
    "import.why.long_name": ("姓名超过30个字", "the name has over 30 characters"),
    "import.why.active": ("在岗一栏看不懂「{about}」，请写是或否", "active: {about} is neither yes nor no"),
    "import.why.many_phones": ("{about} 有多个号码，请在编辑器里改", "{about} has several phones: edit the text"),
    "import.why.no_group": ("「{about}」没有写到组", "{about} names no group"),
    "import.why.group": ("没有这个组；相近的：{about}", "no such group; near: {about}"),
    "import.why.no_such_group": ("没有「{about}」这个组", "there is no group {about}"),
    "import.why.several_groups": (
        "有几个组叫这个名字，请写明室或中心：{about}",
        "several groups have that name, give the room or centre: {about}",
    ),
    "import.wrong.empty": ("文件是空的", "The file is empty"),
    "import.wrong.too_large": ("文件太大（最多16 MB）", "The file is too large (16 MB at most)"),
    "import.wrong.old_excel": (
        "这是旧的 .xls 格式，请在 Excel 里另存为 .xlsx 或 CSV",
        "This is the old .xls: save it as .xlsx or CSV",
    ),
    "import.wrong.no_text": ("文件不是文本，也不是 Excel", "The file is neither text nor Excel"),
    "import.wrong.bad_csv": ("CSV 的引号不配对", "The CSV's quotes don't match"),
    "import.wrong.bad_excel": (
        "Excel 文件读不了，请另存为 CSV 再试",
        "The Excel file can't be read: save as CSV",
    ),
    "import.wrong.too_many_rows": ("行数太多（最多20000行）", "Too many rows (20,000 at most)"),
    "import.wrong.no_columns": (
        "没有找到列名：第一行要有「姓名」等列名",
        "No column names: the first row needs «name» and others",
    ),
    "import.wrong.no_chart": (
        "磁盘上的组织结构有错误，先在编辑器里改好再导入",
        "The chart on disk has errors: mend them in the editor first",
    ),
    "import.wrong.cant_edit": (
        "「{about}」所在的地方写法特殊，无法自动写入，请在编辑器里手工添加",
        "The text is written in a way that nothing can be put in at {about}: edit it by hand",
    ),
}
