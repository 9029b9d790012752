using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>
/// Renames what is declared, everywhere, together with everything that must share its name. Whether every name still means the same
/// afterwards is not argued but tried: the changed files are resolved, and has to have the same names with the same meaning.
/// </summary>
internal sealed class Renaming(ResolvedSchema resolved)
{
    private SchemaNames Names => resolved.Names;

    /// <summary>Why the name at a place can't be renamed to anything; null when it can.</summary>
    public string? WhyNot(Occurrence? occurrence)
    {
        if (occurrence is null) return "there is no name here";
        if (occurrence.Targets.IsEmpty) return "this name means nothing";
        if (occurrence.Targets[0] is Declared.Parameter parameter)
            return $"callers give `{parameter.Name.Text}` by its name, so it can't be renamed here alone";
        return resolved.Occurrences.Namesakes(occurrence.Targets[0]).OfType<Declared.Member>()
            .Where(member => resolved.Containment.Fixed(member) is not null)
            .Select(member => $"a role fixes the name of `{member.Owner.Name.Text}#{member.Name.Text}`").FirstOrDefault();
    }

    public SchemaRename Rename(Occurrence? occurrence, string name)
    {
        if (WhyNot(occurrence) is { } never || occurrence is null) return new SchemaRename.Refused(WhyNot(occurrence) ?? "there is no name here");
        IReadOnlySet<Declared> declared = resolved.Occurrences.Namesakes(occurrence.Targets[0]);
        if (occurrence.Targets[0].Name.Text == name) return new SchemaRename.Done([]);
        if (declared.Select(d => Invalid(d, name) ?? Taken(d, name)).FirstOrDefault(why => why is not null) is { } why)
            return new SchemaRename.Refused(why);
        ImmutableArray<TextSpan> places = [.. declared.SelectMany(resolved.Occurrences.Of).Select(o => o.Span).Distinct().OrderBy(s => s.Start)];
        return StillMeansTheSame(places, name)
            ? new SchemaRename.Done([.. places.Select(resolved.Place)])
            : new SchemaRename.Refused($"with the name `{name}` some name would mean something else");
    }

    private string? Invalid(Declared declared, string name)
    {
        if (name.Split('/').FirstOrDefault(part => Names.Syntax.Flags.Reserves(part)) is { } keyword) return $"`{keyword}` is a keyword and cannot be a name";
        return declared switch
        {
            Declared.Member => Model.Names.IsRelation(name) ? null
                : $"`{name}` is not a valid name of a relation or permission: 3 to 64 of a–z, 0–9 and _, from a letter to a letter or digit",
            Declared.Block => Model.Names.IsType(name) ? null
                : $"`{name}` is not a valid name of a definition: parts of 3 to 64 of a–z, 0–9 and _, joined by `/`",
            _ => CaveatBinder.IsName(name) ? null : $"`{name}` is not a valid name of a caveat: letters, digits, `_` and `/`, 128 at most",
        };
    }

    private string? Taken(Declared declared, string name)
    {
        if (declared is not Declared.Member member)
            return Names.FindDefinition(name) is null && Names.FindPartial(name) is null && Names.FindCaveat(name) is null
                ? null
                : $"the name `{name}` is taken";
        foreach (Declared.Block context in member.Owner.Contexts)
        {
            if (context.Find(name) is not null) return $"`{context.Name.Text}` already has a relation or permission `{name}`";
            if (resolved.Containment.FixedIn(context).Any(relation => relation.Name == name))
                return $"`{name}` has a fixed meaning in `{context.Name.Text}`";
        }
        return null;
    }

    private bool StillMeansTheSame(ImmutableArray<TextSpan> places, string name)
    {
        Replacement replacement = new(places, name);
        ResolvedSchema after = Changed(places, name);
        ImmutableArray<Occurrence> old = resolved.Occurrences.All, now = after.Occurrences.All;
        if (old.Length != now.Length) return false;
        for (int i = 0; i < old.Length; i++)
            if (!Starts(old[i].Targets).Select(replacement.Moved).SequenceEqual(Starts(now[i].Targets))) return false;
        return true;
    }

    private ResolvedSchema Changed(ImmutableArray<TextSpan> places, string name)
    {
        ILookup<string, TextSpan> byFile = places.Select(resolved.Place).ToLookup(place => place.File, place => place.Span);
        Dictionary<string, string> texts = resolved.Files.ToDictionary(
            file => file.Path, file => new Replacement([.. byFile[file.Path]], name).In(file.Text), StringComparer.Ordinal);
        string first = resolved.Files[0].Path;
        return ResolvedSchema.Of(new SchemaFile(first, texts[first]), new TextFolder(texts));
    }

    private static IEnumerable<int> Starts(ImmutableArray<Declared> targets) => targets.Select(target => target.Name.Span.Start);
}
