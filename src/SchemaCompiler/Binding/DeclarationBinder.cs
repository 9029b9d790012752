using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Diagnostics;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Gives every definition, relation and permission its id. Of two with one name, the first counts.</summary>
internal sealed class DeclarationBinder
{
    private readonly Symbols _symbols;
    private readonly PartialBinder _partials;
    private readonly DiagnosticBag _diagnostics;

    private DeclarationBinder(SchemaSyntax syntax, DiagnosticBag diagnostics)
    {
        _symbols = new Symbols { IsIncomplete = syntax.IsIncomplete };
        _partials = new PartialBinder(syntax, diagnostics);
        _diagnostics = diagnostics;
    }

    public static Symbols Declare(SchemaSyntax syntax, DiagnosticBag diagnostics)
    {
        DeclarationBinder binder = new(syntax, diagnostics);
        foreach (TopLevelSyntax topLevel in syntax.TopLevel)
            if (!binder.TryDeclare(topLevel)) break;
        return binder._symbols;
    }

    /// <summary>False when ids have run out.</summary>
    private bool TryDeclare(TopLevelSyntax syntax) => syntax switch
    {
        DefinitionSyntax { Name.IsMissing: false, IsPartial: false } definition => TryDeclare(definition),
        CaveatSyntax { Name.IsMissing: false } caveat => TryDeclare(caveat),
        _ => true,
    };

    private bool TryDeclare(CaveatSyntax syntax)
    {
        NameSyntax name = syntax.Name;
        if (RanOut(_symbols.Caveats.Count, name, "caveats")) return false;
        CaveatSymbol caveat = new(new CaveatId((ushort)_symbols.Caveats.Count), syntax);
        RefuseShared(name, "partial", _partials.Find(name.Text)?.Name);
        RefuseShared(name, "definition", _symbols.ByName.GetValueOrDefault(name.Text)?.Syntax.Name);
        RefuseShared(name, "caveat", _symbols.CaveatsByName.GetValueOrDefault(name.Text)?.Syntax.Name);
        if (_symbols.CaveatsByName.TryAdd(name.Text, caveat)) _symbols.Caveats.Add(caveat);
        return true;
    }

    private bool TryDeclare(DefinitionSyntax syntax)
    {
        if (!Names.IsType(syntax.Name.Text)) _diagnostics.Add(Catalogue.InvalidTypeName(syntax.Name.Span, syntax.Name.Text));
        if (RanOut(_symbols.Types.Count, syntax.Name, "definitions")) return false;
        TypeSymbol type = new(new TypeId((ushort)_symbols.Types.Count), syntax);
        if (_symbols.ByName.TryGetValue(type.Name, out TypeSymbol? first))
        {
            string? file = _diagnostics.Elsewhere(first.Syntax.Name.Span, syntax.Name.Span);
            _diagnostics.Add(Catalogue.DuplicateDefinition(syntax.Name.Span, type.Name, file));
            return true;
        }
        _symbols.ByName.Add(type.Name, type);
        RefuseShared(syntax.Name, "partial", _partials.Find(type.Name)?.Name);
        RefuseShared(syntax.Name, "caveat", _symbols.CaveatsByName.GetValueOrDefault(type.Name)?.Syntax.Name);
        _symbols.Types.Add(type);
        MemberList members = _partials.MembersOf(syntax);
        type.IsIncomplete |= members.IsIncomplete;
        foreach (MemberSyntax member in members.Members)
            if (member is ClauseSyntax clause) type.Clauses.Add(clause);
            else if (!TryDeclare(type, member)) return false;
        return true;
    }

    private bool TryDeclare(TypeSymbol type, MemberSyntax syntax)
    {
        MemberId id = new((ushort)_symbols.Members.Count);
        MemberSymbol? member = syntax switch
        {
            RelationSyntax relation => new RelationSymbol(id, type, relation),
            PermissionSyntax permission => new PermissionSymbol(id, type, permission),
            _ => null,
        };
        return member is null || TryDeclare(type, member);
    }

    private bool TryDeclare(TypeSymbol type, MemberSymbol member)
    {
        if (RanOut(_symbols.Members.Count, member.NameSyntax, "relations and permissions")) return false;
        if (!Names.IsRelation(member.Name)) _diagnostics.Add(Catalogue.InvalidMemberName(member.NameSyntax.Span, member.Name));
        if (type.TryAdd(member)) _symbols.Members.Add(member);
        else _diagnostics.Add(Catalogue.DuplicateMember(member.NameSyntax.Span, type.Name, member.Name));
        return true;
    }

    private void RefuseShared(NameSyntax name, string what, NameSyntax? other)
    {
        if (other is { } there)
            _diagnostics.Add(CaveatCatalogue.SharedName(name.Span, name.Text, what, _diagnostics.Elsewhere(there.Span, name.Span)));
    }

    private bool RanOut(int count, NameSyntax at, string what)
    {
        if (count < CompilerLimits.Ids) return false;
        _diagnostics.Add(Catalogue.TooManyIds(at.Span, what));
        _symbols.IsIncomplete = true;
        return true;
    }
}
