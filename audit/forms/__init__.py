"""The standard forms: what they are made of, filling them, reading filled ones back.

    description   a folder of templates as `Profile` and `Form`
    locate        where a form's values stand on a sheet, by labels
    template      a template's .xlsx taken apart, rows inserted    render   a form's bytes
    values        how a value is written and read
    fill          a case into files        read_back   a file into values
    case          a case and its workbook read    case_workbook   the workbook written
    draft         a case from a checked report    draft_words     which cell a figure belongs to
    lint          what is wrong with a description or a case
"""
