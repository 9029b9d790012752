using AuthzGraph.Model;

namespace AuthzGraph.Server.Wire.Checks;

/// <summary>The names that questions are made of, those that came lately as they were.</summary>
internal sealed class CheckNames
{
    private const int MostWords = 256;
    private const int MostIds = 8_192;

    private readonly NameCache _types = new(MostWords, text => Names.IsType(text));
    private readonly NameCache _relations = new(MostWords, text => Names.IsRelation(text));
    private readonly NameCache _ids = new(MostIds, text => Names.IsObjectId(text));

    /// <summary>Whatever it is: the schema knows permissions.</summary>
    public string Permission(ReadOnlySpan<byte> utf8)
    {
        _relations.TryRead(utf8, out string text);
        return text;
    }

    /// <exception cref="RejectionException">It is missing, or no object.</exception>
    public ObjectRef Object(in ObjectFields fields, string field)
    {
        if (!fields.AreGiven) throw References.Missing(field);
        bool isObject = _types.TryRead(fields.Type, out string type) & _ids.TryRead(fields.Id, out string id);
        return isObject ? new ObjectRef(type, id) : throw References.NoObject(field, type, id);
    }

    /// <inheritdoc cref="Object"/>
    public ObjectRef Resource(in ObjectFields fields, string field) => Object(fields, field).ExpectNoWildcard(field);

    /// <summary>Null when it is missing.</summary>
    /// <exception cref="RejectionException">It is no object.</exception>
    public ObjectRef? ResourceIfGiven(in ObjectFields fields, string field) => fields.AreGiven ? Resource(fields, field) : null;

    /// <exception cref="RejectionException">It is missing, or no subject.</exception>
    public SubjectRef Subject(in SubjectFields fields)
    {
        if (!fields.AreGiven) throw References.Missing("subject");
        ObjectRef subject = Object(fields.Object, "subject.object");
        if (fields.Relation.IsEmpty) return new SubjectRef(subject);
        bool isRelation = _relations.TryRead(fields.Relation, out string relation);
        return isRelation && !subject.IsWildcard ? new SubjectRef(subject, relation) : throw References.NoSubject("subject", subject, relation);
    }
}
