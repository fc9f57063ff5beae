"""The standard forms: what they are made of, filling them, reading filled ones back (docs/forms.md).

    description   a folder of templates as `Profile` and `Form`      lint_templates   what is wrong with it
    labels        what a label says, whoever printed it

    locate        where a form's values stand on a sheet: `places`, `headers`, `beside`, `titles`
    read_back     a filled form into values: `recognise` which form, `rows`, `units`, `signatures`
    values        how a value is written and read

    template      a template's .xlsx taken apart      layout    rows inserted, everything below moved
    plan          a form of one shape                 package   its zip         cell_formulas   its formulas
    render        values into a form's bytes          fill      a case into files

    case          a case and its workbook read                       case_workbook   the workbook written
    draft         a case from a checked report                       draft_words     which cell a figure belongs to
    lint          what doesn't fit in a case                         problems        how that is told
"""
