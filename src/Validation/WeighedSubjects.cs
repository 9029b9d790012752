using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;

namespace AuthzGraph.Validation;

/// <summary>
/// Subjects that may have a permission, each asked for by a check without context: who is denied is left out, and who is
/// conditional is so listed. A wildcard is asked for by somebody whom no relationship names.
/// </summary>
internal sealed class WeighedSubjects(Snapshot snapshot, ObjectRef resource, string permission, SubjectSet candidates)
{
    public IEnumerable<KeyValuePair<SubjectRef, Found>> All()
    {
        foreach ((SubjectRef subject, Found found) in candidates.All)
        {
            SubjectRef asked = subject.Object.IsWildcard ? Stranger(subject.Object.Type, found) : subject;
            Outcome outcome = Ask(asked);
            if (outcome == Outcome.Denied) continue;
            Found weighed = found with { IsConditional = outcome == Outcome.Conditional };
            yield return new(subject, subject.Object.IsWildcard ? weighed with { Except = Exceptions(subject.Object.Type, weighed) } : weighed);
        }
    }

    private ImmutableSortedSet<string> Exceptions(string type, Found wildcard)
    {
        ImmutableSortedSet<string> except = Found.Nothing;
        foreach (SubjectRef subject in wildcard.Except.Select(name => SubjectRef.Parse(name)).Union(Named(type)))
        {
            Outcome outcome = Ask(subject);
            if (outcome == Outcome.Denied) except = except.Add(subject.ToString());
            else if (outcome == Outcome.Conditional && !wildcard.IsConditional && !Named(type).Contains(subject)) except = except.Add(subject + Found.Conditional);
        }
        return except;
    }

    // Denied for another reason than the lack of the permission, as a suspended principal is: it is among the subjects all the same.
    private Outcome Ask(SubjectRef subject)
    {
        Answer answer = snapshot.Check(new CheckQuestion(resource, permission, subject));
        return answer.Outcome == Outcome.Denied && answer.Code != DenialCode.NoPermission ? Outcome.Permitted : answer.Outcome;
    }

    private SubjectRef Stranger(string type, Found wildcard)
    {
        HashSet<string> known = [.. Named(type).Select(s => s.ToString()), .. wildcard.Except];
        string id = "stranger";
        while (known.Contains($"{type}:{id}")) id += "-";
        return new SubjectRef(new ObjectRef(type, id));
    }

    private IEnumerable<SubjectRef> Named(string type) =>
        candidates.All.Select(f => f.Key).Where(s => s.Relation is null && !s.Object.IsWildcard && s.Object.Type == type);
}
