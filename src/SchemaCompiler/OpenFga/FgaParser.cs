using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>Tokens → a model; goes on after an error at the next declaration.</summary>
internal sealed class FgaParser
{
    private readonly FgaReader _reader;
    private readonly FgaExpressionParser _expressions;
    private readonly ImmutableArray<FgaDeclaration>.Builder _declarations = ImmutableArray.CreateBuilder<FgaDeclaration>();

    private FgaParser(FgaReader reader)
    {
        _reader = reader;
        _expressions = new FgaExpressionParser(reader);
    }

    public static FgaModel Parse(SourceText source, DiagnosticBag diagnostics) =>
        new FgaParser(new FgaReader(FgaLexer.Tokenize(source, diagnostics), diagnostics)).Parse();

    private FgaModel Parse()
    {
        Header();
        while (!_reader.At(FgaTokenKind.End)) Declaration();
        return new FgaModel(_declarations.ToImmutable(), [.. _reader.TakeEnd().Above]);
    }

    private void Header()
    {
        if (_reader.At(FgaWords.Module))
        {
            Modules();
            return;
        }
        NameSyntax? version = _reader.Expect(FgaWords.Model) && _reader.Expect(FgaWords.Schema)
            ? _reader.ExpectName("the version, `1.1`")
            : null;
        if (version is not { } known) _reader.Skip();
        else if (!FgaWords.Versions.Contains(known.Text)) _reader.Report(FgaCatalogue.Version(known.Span, known.Text));
    }

    private void Declaration()
    {
        if (_reader.At(FgaWords.Type)) ObjectType();
        else if (_reader.At(FgaWords.Condition)) Condition();
        else if (_reader.At(FgaWords.Extend)) Modules();
        else
        {
            _reader.Refuse("`type` or `condition`");
            _reader.Take();
            _reader.Skip();
        }
    }

    private void Modules()
    {
        _reader.Report(FgaCatalogue.Modules(_reader.Current.Span, _reader.Current.Text));
        _reader.Take();
        _reader.Skip();
        while (_reader.At(FgaWords.Define))
        {
            _reader.Take();
            _reader.Skip();
        }
    }

    private void ObjectType()
    {
        FgaNotes notes = _reader.TakeDeclaration();
        NameSyntax? name = _reader.ExpectName("the type's name");
        if (name is not null && !AtNext && _reader.Expect(FgaWords.Relations) && !AtNext && !_reader.At(FgaWords.Define))
            _reader.Refuse("`define`");
        if (!_reader.At(FgaWords.Define)) _reader.Skip();
        var relations = ImmutableArray.CreateBuilder<FgaRelation>();
        while (_reader.At(FgaWords.Define))
            if (Relation() is { } relation) relations.Add(relation);
        if (name is { } known) _declarations.Add(new FgaDeclaration.ObjectType(known, relations.ToImmutable(), notes));
    }

    /// <summary>Whether the type ends here, without relations.</summary>
    private bool AtNext => _reader.At(FgaTokenKind.End) || (_reader.AtDeclaration && !_reader.At(FgaWords.Define));

    private FgaRelation? Relation()
    {
        FgaNotes notes = _reader.TakeDeclaration();
        FgaRelation? relation = _reader.ExpectName("the relation's name") is { } name
            && _reader.Expect(FgaTokenKind.Colon, "`:`")
            && _expressions.Parse() is { } rewrite
                ? new FgaRelation(name, rewrite, notes)
                : null;
        if (relation is not null) CheckEnd(relation);
        _reader.Skip();
        return relation;
    }

    private void CheckEnd(FgaRelation relation)
    {
        if (!_reader.At(FgaTokenKind.End) && !_reader.AtDeclaration) _reader.Refuse("`or`, `and`, `but not` or the next line");
        foreach (FgaExpression.Direct second in relation.Rewrite.All.OfType<FgaExpression.Direct>().Skip(1))
            _reader.Report(FgaCatalogue.SecondTypeList(second.Span, relation.Name.Text));
    }

    private void Condition()
    {
        FgaNotes notes = _reader.TakeDeclaration();
        if (_reader.ExpectName("the condition's name") is { } name
            && _reader.Expect(FgaTokenKind.OpenParenthesis, "`(`")
            && Parameters() is { } parameters
            && _reader.Expect(FgaTokenKind.OpenBrace, "`{`")
            && (_reader.At(FgaTokenKind.CelText) || _reader.Refuse("`condition` to begin its line")))
        {
            _declarations.Add(new FgaDeclaration.Condition(name, parameters, _reader.Take().Text, notes));
            _reader.TryTake(FgaTokenKind.CloseBrace);
            if (!_reader.At(FgaTokenKind.End) && !_reader.AtDeclaration) _reader.Refuse("`type` or `condition`");
        }
        _reader.Skip();
    }

    private ImmutableArray<FgaParameter>? Parameters()
    {
        var parameters = ImmutableArray.CreateBuilder<FgaParameter>();
        do
        {
            if (_reader.ExpectName("a parameter's name") is not { } name || !_reader.Expect(FgaTokenKind.Colon, "`:`")) return null;
            if (ParameterType() is not { } type) return null;
            parameters.Add(new FgaParameter(name, type));
        }
        while (_reader.TryTake(FgaTokenKind.Comma));
        return _reader.Expect(FgaTokenKind.CloseParenthesis, "`,` or `)`") ? parameters.ToImmutable() : null;
    }

    private string? ParameterType()
    {
        if (_reader.ExpectName("a parameter's type") is not { } type) return null;
        if (!FgaWords.ParameterTypes.Contains(type.Text))
            _reader.Report(FgaCatalogue.UnknownParameterType(type.Span, type.Text, _reader.Nearest(type.Text, FgaWords.ParameterTypes)));
        if (type.Text is not (FgaWords.List or FgaWords.Map)) return type.Text;
        if (!_reader.Expect(FgaTokenKind.OpenAngle, "`<`")) return null;
        return ParameterType() is { } inner && _reader.Expect(FgaTokenKind.CloseAngle, "`>`") ? $"{type.Text}<{inner}>" : null;
    }
}
