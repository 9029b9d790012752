using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>Parses the members that <c>use delegation</c> adds; the first token is one of <see cref="Words.Clauses"/>.</summary>
internal sealed class ClauseParser(TokenReader reader)
{
    private const string MemberName = "a relation or permission of this definition";

    private readonly List<NameSyntax> _names = [];

    public ClauseSyntax Parse()
    {
        int start = reader.Index;
        NameSyntax keyword = reader.TakeName();
        return keyword.Text switch
        {
            Words.Principal => Principal(keyword, start),
            Words.Within => new WithinSyntax(keyword, Names(), reader.RangeFrom(start)),
            Words.Delegable => Delegable(keyword, start),
            Words.Autonomous => new AutonomousSyntax(keyword, Names(), reader.RangeFrom(start)),
            Words.Domain => Domain(keyword, start),
            _ => new RoleSyntax(keyword, null, reader.RangeFrom(start)),
        };
    }

    private RoleSyntax Principal(NameSyntax keyword, int start)
    {
        NameSyntax kind = reader.ExpectWord("`human`, `agent` or `service`");
        return new RoleSyntax(keyword, kind, reader.RangeFrom(start));
    }

    private DomainSyntax Domain(NameSyntax keyword, int start)
    {
        NameSyntax domain = reader.ExpectWord("`application`, `infrastructure`, `data` or `ai`");
        return new DomainSyntax(keyword, domain, reader.RangeFrom(start));
    }

    private DelegableSyntax Delegable(NameSyntax keyword, int start)
    {
        bool isAll = reader.TryTake(TokenKind.Star);
        ImmutableArray<NameSyntax> names = isAll ? [] : Names();
        List<NameSyntax> hops = [], ttls = [], approvals = [];
        while (reader.At(TokenKind.Word) && !reader.Current.OnNewLine && Option(hops, ttls, approvals)) { }
        return new DelegableSyntax(keyword, isAll, names, [.. hops], [.. ttls], [.. approvals], reader.RangeFrom(start));
    }

    /// <summary>One option after the names; false when there is none that could be understood.</summary>
    private bool Option(List<NameSyntax> hops, List<NameSyntax> ttls, List<NameSyntax> approvals)
    {
        if (reader.TryTake(Words.Approval)) return Add(approvals, reader.ExpectName(MemberName));
        if (!reader.TryTake(Words.Max)) return Unknown("`max hops`, `max ttl` or `approval`");
        if (reader.TryTake(Words.Hops)) return Add(hops, reader.ExpectWord("a number of hops"));
        if (reader.TryTake(Words.Ttl)) return Add(ttls, reader.ExpectWord("a duration such as `10m`"));
        return Unknown("`hops` or `ttl`");
    }

    private bool Unknown(string expected)
    {
        reader.ReportExpected(expected);
        return false;
    }

    private static bool Add(List<NameSyntax> values, NameSyntax value)
    {
        if (!value.IsMissing) values.Add(value);
        return !value.IsMissing;
    }

    private ImmutableArray<NameSyntax> Names()
    {
        _names.Clear();
        do
        {
            NameSyntax name = reader.ExpectName(MemberName);
            if (!name.IsMissing) _names.Add(name);
        }
        while (reader.TryTake(TokenKind.Comma));
        return [.. _names];
    }
}
